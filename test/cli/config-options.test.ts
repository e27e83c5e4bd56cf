import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Option } from "commander";
import { describe, expect, it } from "vitest";
import { CONFIG_WORDS } from "../../scripts/reference/config-words.ts";
import { COMMANDS, optionsOf } from "../../src/cli/commands.ts";
import { withConfigOptions } from "../../src/cli/config-options.ts";
import type { CommandSpec } from "../../src/cli/specs/command-spec.ts";
import { loadConfig } from "../../src/config.ts";
import { temporaryDirectory } from "../support/source.ts";

function commandOf(name: string): CommandSpec {
  const spec = COMMANDS.find((each) => each.name === name);
  if (spec === undefined) throw new RangeError(`there is no command ${name}`);
  return spec;
}

const attribute = (flags: string) => new Option(flags).attributeName();

async function optionsWith(file: object, name: string, given: Readonly<Record<string, unknown>> = {}) {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "changeover.config.json"), JSON.stringify(file));
  return withConfigOptions(commandOf(name), given, await loadConfig(given, {}, directory));
}

describe("what a config file says of a command", () => {
  it("counts where the command line says nothing", async () => {
    const file = { notify: ["https://a.example"], verifyEvery: "1h", failbackWindow: 60_000, serve: true };
    expect(await optionsWith(file, "sync")).toEqual({
      notify: ["https://a.example"],
      verifyEvery: "1h",
      failbackWindow: "60000",
      serve: true,
    });
    expect(await optionsWith(file, "sync", { verifyEvery: "2h", notify: ["https://b.example"] })).toMatchObject({
      notify: ["https://b.example"],
      verifyEvery: "2h",
    });
  });

  it("is of no account where a command has no such option", async () => {
    const file = { notify: ["https://a.example"], listen: "127.0.0.1:1", serve: true, logFormat: "json" };
    expect(await optionsWith(file, "serve")).toEqual({
      notify: ["https://a.example"],
      listen: "127.0.0.1:1",
      logFormat: "json",
    });
    expect(await optionsWith(file, "status")).toEqual({ logFormat: "json" });
  });

  it("takes the failback away although the command line has a yes by default", async () => {
    expect(await optionsWith({ failback: false }, "cutover", { failback: true })).toEqual({ failback: false });
    expect(await optionsWith({}, "cutover", { failback: true })).toEqual({ failback: true });
  });

  it("stands in the way of no rehearsal, which knows no such options", async () => {
    const file = { failback: false, postponeUntil: ["lag=1"] };
    expect(await optionsWith(file, "rehearse")).toEqual({ postponeUntil: ["lag=1"] });
    expect(await optionsWith(file, "rehearse", { copy: "copy.db" })).toEqual({ copy: "copy.db", failback: false });
  });

  it("is refused where it is none", async () => {
    await expect(optionsWith({ logFormat: "xml" }, "sync")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(optionsWith({ notify: "https://a.example" }, "sync")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});

/** Of one call: what somebody wants now, and not each time. */
const OF_ONE_CALL = new Set([
  ...["--config", "--json", "--quiet", "--yes", "--embedded", "--dry-run", "--show-values", "--write-rules"],
  ...["--watch", "--repair", "--restart", "--examples", "--table", "--limit", "--for", "--timeout", "--until"],
  ...["--no-verify", "--backup", "--resync", "--source-moved", "--only-source", "--no-cutover", "--copy"],
  ...["--require-queries", "--compat", "--indexes", "--max-rows", "--accept-loss", "--force", "--fake", "--verbose"],
  ...["--accept-changed", "--no-check-order", "--no-single-transaction", "--no-lock", "--timestamp", "--no-wait"],
  ...["--wait", "--lock-timeout", "--lock-attempts", "--backup-dir", "--config-file", "--config-value"],
  ...["--database-url-var", "--env-path"],
]);
/** They make files or steps of a schema, and say in each call which. */
const OF_SCHEMA_AND_FLEET = new Set(["schema", "fleet"]);

it("whatever holds for more than one call can stand in the config file", () => {
  const inFile = new Set(Object.values(CONFIG_WORDS).map(({ flag }) => flag));
  const missing = COMMANDS.filter(({ group }) => !OF_SCHEMA_AND_FLEET.has(group)).flatMap((spec) =>
    optionsOf(spec)
      .map(({ flags }) => new Option(flags).long ?? flags)
      .filter((flag) => !inFile.has(flag) && !OF_ONE_CALL.has(flag))
      .map((flag) => `${spec.name} ${flag}`),
  );
  expect(missing).toEqual([]);
});

it("each key that is an option of commands has that option's name", async () => {
  const names = new Set(COMMANDS.flatMap((spec) => optionsOf(spec).map(({ flags }) => attribute(flags))));
  const { options } = await loadConfig({}, {}, temporaryDirectory());
  expect(options).toEqual({});
  for (const [key, { flag }] of Object.entries(CONFIG_WORDS))
    if (flag !== undefined) expect(names.has(attribute(flag)), key).toBe(true);
});
