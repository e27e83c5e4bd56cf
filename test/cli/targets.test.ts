import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { CommandSpec } from "../../src/cli/specs/command-spec.ts";
import { POLICY_WORDS, TARGETS, type TargetPolicy } from "../../src/cli/targets.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { chooseTarget, schemeOf } from "../../src/config-target.ts";
import { readEnvFile } from "../../src/env-file.ts";
import { runCli } from "../support/cli.ts";
import { runCliInTurn } from "../support/cli-in-turn.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

const SECRET = "hunter2";

/** The command with what it cannot be called without. */
function called({ arguments: positional, name }: CommandSpec): string[] {
  const first = /^<(?:([a-z]+)\||([a-z]+))/.exec(positional ?? "");
  return [name, ...(first === null ? [] : [first[1] ?? first[2] ?? ""]), "--yes"];
}

function withPolicy(...policies: readonly TargetPolicy[]): readonly CommandSpec[] {
  return COMMANDS.filter(({ name }) => policies.includes(TARGETS[name]));
}

function errorOf(stdout: string): { code: string; message: string; hint: string } | undefined {
  return (JSON.parse(stdout) as { error?: { code: string; message: string; hint: string } }).error;
}

describe("a command without a target", () => {
  it("is in the table of targets, as each command is, and its help says what it does", async () => {
    expect(Object.keys(TARGETS).sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
    expect(Object.keys(VERBS).sort()).toEqual(Object.keys(TARGETS).sort());
    const cwd = temporaryDirectory();
    for (const [name, policy] of [
      ["up", "required"],
      ["full", "embedded"],
    ] as const)
      expect((await runCli([name, "--help"], { cwd })).stdout.replace(/\s+/g, " ")).toContain(POLICY_WORDS[policy]);
  });

  it("is refused where it needs one, whichever it is, and makes nothing", { timeout: 120_000 }, () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "migrations"));
    const needing = withPolicy("required", "server");
    expect(needing.length).toBeGreaterThan(15);
    const calls = needing.map((words) => [...called(words), "--source", "app.db", "--json"]);
    for (const [index, { code, stdout }] of runCliInTurn(calls, { cwd }).entries()) {
      const name = needing[index]?.name;
      const error = errorOf(stdout);
      expect([name, code, error?.code]).toEqual([name, 2, "TARGET_REQUIRED"]);
      for (const way of ["--target", "CHANGEOVER_TARGET", "DATABASE_URL", "./.env", "--embedded"])
        expect(error?.hint).toContain(way);
    }
    expect(readdirSync(cwd)).toEqual(["migrations"]);
  });

  it("starts no server where it can do without one", async () => {
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY);");
    const cwd = temporaryDirectory();
    const able = withPolicy("none", "optional");
    const calls = able.map((words) => [...called(words), "--source", path]);
    for (const [index, { code, stderr }] of runCliInTurn(calls, { cwd }).entries())
      expect([able[index]?.name, code], stderr).toEqual([able[index]?.name, 0]);
    expect(existsSync(join(cwd, ".changeover", "postgres"))).toBe(false);
  });

  it("knows --embedded where it uses a target, which excludes --target but for a proof", () => {
    const cwd = temporaryDirectory();
    const calls = [
      ...withPolicy("none").map((words) => [...called(words), "--embedded"]),
      ...withPolicy("required", "optional", "embedded")
        .slice(0, 4)
        .map((words) => [...called(words), "--embedded", "--target", "postgres://x/y"]),
    ];
    for (const [index, { code, stderr }] of runCliInTurn(calls, { cwd }).entries()) {
      expect(stderr, calls[index]?.join(" ")).toContain("[USAGE]");
      expect(code).toBe(2);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("gets one by --embedded, and the next command in that directory finds it there", {
    timeout: 120_000,
  }, async () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "migrations"));
    writeFileSync(join(cwd, "migrations", "0001_a.sql"), "-- Up Migration\ncreate table a (id int);\n");
    const up = await runCli(["up", "--embedded"], { cwd, env: { DATABASE_URL: "postgres://127.0.0.1:1/nowhere" } });
    expect(up.stdout, up.stderr).toContain("1 migration applied: 0001_a");
    const env = { DATABASE_URL: "file:./dev.db" };
    const listed = await runCli(["migrations", "--exit-code"], { cwd, env });
    expect(listed.code, listed.stderr).toBe(0);
    expect(listed.stderr).toContain("DATABASE_URL is a file: URL, not one of PostgreSQL: ignored");
  });
});

describe("./.env", () => {
  function directoryWith(text: string): string {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, ".env"), text);
    return cwd;
  }

  it("gives the target and the source, says so, and keeps the password to itself", async () => {
    const url = await emptyDatabase();
    const password = new URL(url).password;
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY);");
    const cwd = directoryWith(`\uFEFF# secrets\nexport DATABASE_URL='${url}'\nCHANGEOVER_SOURCE="${path}"\n`);
    const validated = await runCli(["validate"], { cwd });
    expect(validated.code, validated.stderr).toBe(0);
    expect(validated.stderr).toMatch(/^the target is postgres:\/\/.*\(DATABASE_URL in \.\/\.env\)$/m);
    expect(validated.stderr + validated.stdout).not.toContain(password);
  });

  it("comes after flags, the environment and the config file", async () => {
    const cwd = directoryWith("CHANGEOVER_TARGET=postgres://env-file.invalid/db\n");
    const reached = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      /\w[\w-]*\.invalid/.exec(
        (await runCli(["history", ...args], { cwd, env })).stderr.replace(/^the target is.*$/m, ""),
      )?.[0];
    expect(await reached([])).toBe("env-file.invalid");
    expect(await reached([], { DATABASE_URL: "postgres://shared.invalid/db" })).toBe("shared.invalid");
    writeFileSync(join(cwd, "changeover.config.json"), '{"target": "postgres://config.invalid/db"}');
    expect(await reached([], { DATABASE_URL: "postgres://shared.invalid/db" })).toBe("config.invalid");
    expect(await reached(["--target", "postgres://flag.invalid/db"])).toBe("flag.invalid");
  });

  it("with another database's DATABASE_URL is named in the error by its scheme, and by no more of it", async () => {
    const cwd = directoryWith(`DATABASE_URL=mysql://root:${SECRET}@db.internal/shop\n`);
    const refused = await runCli(["up", "--json"], { cwd });
    expect(errorOf(refused.stdout)).toMatchObject({
      code: "TARGET_REQUIRED",
      message: expect.stringContaining("DATABASE_URL in ./.env is a mysql: URL") as string,
    });
    const ours = await runCli(["up", "--json"], { cwd, env: { CHANGEOVER_TARGET: `user:${SECRET}@db/shop` } });
    expect(errorOf(ours.stdout)).toMatchObject({ code: "TARGET_URL" });
    const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY);");
    const looked = await runCli(["validate", "--source", path], { cwd });
    expect(looked.stderr).toContain("DATABASE_URL in ./.env is a mysql: URL, not one of PostgreSQL: ignored");
    expect(looked.code).toBe(0);
    for (const { stderr, stdout } of [refused, ours, looked])
      expect(stderr + stdout).not.toMatch(/hunter2|db\.internal/);
  });

  it("may be a directory, as Python has it, or be unreadable", () => {
    const cwd = temporaryDirectory();
    expect(readEnvFile(cwd)).toBe(null);
    mkdirSync(join(cwd, ".env"));
    expect(readEnvFile(cwd)).toBe(null);
    expect(readEnvFile(directoryWith("no assignment at all\n"))).toEqual({ values: {}, unread: null });
  });
});

describe("the choice among the targets that are given", () => {
  const none = { flag: undefined, configFile: undefined, environment: {}, envFile: {} };
  const pg = "postgres://localhost/app";

  it("passes over a DATABASE_URL that is no PostgreSQL's, and nothing else", () => {
    expect(
      chooseTarget({ ...none, environment: { DATABASE_URL: "file:./dev.db" }, envFile: { DATABASE_URL: pg } }),
    ).toEqual({
      target: { url: pg, from: "DATABASE_URL in ./.env" },
      ignoredTargets: [{ from: "DATABASE_URL", scheme: "file:" }],
    });
    expect(
      chooseTarget({ ...none, environment: { CHANGEOVER_TARGET: "mysql://x", DATABASE_URL: pg } }).target?.from,
    ).toBe("CHANGEOVER_TARGET");
    expect(chooseTarget({ ...none, environment: { CHANGEOVER_TARGET: "", DATABASE_URL: "" } })).toEqual({
      target: null,
      ignoredTargets: [],
    });
  });

  it("takes no part of a secret for a scheme", () => {
    expect(schemeOf("postgresql+psycopg2://u:p@h/d")).toBe("postgresql+psycopg2:");
    expect(schemeOf("FILE:./dev.db")).toBe("file:");
    expect(schemeOf("jdbc:postgresql://h/d")).toBe("jdbc:");
    for (const text of ["hunter2:secret@host/db", "host=h password=x://y", "secret", "s3cret:"])
      expect(schemeOf(text)).toBe(null);
  });
});

it("docs/reference/config.md says of every command what it does without a target", () => {
  const page = readFileSync(new URL("../../docs/reference/config.md", import.meta.url), "utf8");
  const rows: readonly (readonly [RegExp, readonly TargetPolicy[]])[] = [
    [/^\| makes an embedded PostgreSQL \|(.*)$/m, ["embedded"]],
    [/^\| refuses \(`TARGET_REQUIRED`.*?\|(.*)$/m, ["required", "server"]],
    [/^\| does without \|(.*)$/m, ["optional"]],
    [/^\| uses no target \|(.*)$/m, ["none"]],
  ];
  for (const [row, policies] of rows)
    expect([...(row.exec(page)?.[1] ?? "").matchAll(/`([a-z]+)`/g)].map((match) => match[1]).sort()).toEqual(
      withPolicy(...policies)
        .map(({ name }) => name)
        .sort(),
    );
});
