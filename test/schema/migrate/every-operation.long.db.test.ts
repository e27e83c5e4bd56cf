import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MigrationBuilder } from "node-pg-migrate/migrationBuilder";
import { expect, it, onTestFinished } from "vitest";
import { compareSchemas, readSchemaCatalogue } from "../../../src/schema/prove/schema-catalogue.ts";
import { openTarget } from "../../../src/target/target.ts";
import { runCli } from "../../support/cli.ts";
import { project } from "../../support/migrations.ts";
import { query } from "../../support/target.ts";
import { dumpingBinaries, startDumpingServer } from "../prove/server-with-pg-dump.ts";
import { EVERY_OPERATION } from "./every-operation.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const THEIRS = join(ROOT, "node_modules/node-pg-migrate/bin/node-pg-migrate.js");
const NAMES = Object.keys(EVERY_OPERATION).map((file) => file.replace(/\.\w+$/, ""));
const bin = dumpingBinaries();

/** A server whose superuser we are: operator classes and roles are for superusers only. */
async function opened() {
  const server = await startDumpingServer(bin ?? "");
  onTestFinished(() => server.close());
  const { cwd } = project(EVERY_OPERATION);
  symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  const database = async (name: string) => {
    await query(server.url, `create database ${name}`);
    const url = server.url.replace(/postgres$/, name);
    const ours = async (...args: string[]) => {
      const { code, stderr, stdout } = await runCli([...args, "--target", url, "--json"], { cwd });
      return { code, stderr, ...(JSON.parse(stdout) as Record<string, unknown>) };
    };
    const theirs = (...args: string[]) =>
      promisify(execFile)(process.execPath, [THEIRS, ...args], { cwd, env: { ...process.env, DATABASE_URL: url } });
    const schema = async () => {
      const target = openTarget({ url });
      try {
        return await readSchemaCatalogue(await target.session());
      } finally {
        await target.close();
      }
    };
    return { url, ours, theirs, schema };
  };
  return { database };
}

it("the files use every operation that node-pg-migrate has", () => {
  const builder = new MigrationBuilder({ query: () => {}, select: () => {} } as never, undefined, false, console);
  // What node-pg-migrate writes for the last one is no valid SQL, whatever it is given.
  const operations = [...Object.keys(builder), "noTransaction"].filter(
    (name) => !/^_/.test(name) && name !== "removeFromOperatorFamily",
  );
  const text = Object.values(EVERY_OPERATION).join("\n");
  expect(operations.length).toBeGreaterThan(70);
  expect(operations.filter((name) => !new RegExp(`\\bpgm\\.${name}\\b`).test(text))).toEqual([]);
});

it.skipIf(bin === null)(
  "go up, down, redo and are proved; node-pg-migrate makes the same schema, and both take turns",
  { timeout: 300_000 },
  async () => {
    const { database } = await opened();
    const { ours, schema, theirs, url } = await database("ours");
    const empty = await schema();
    expect(await ours("up")).toMatchObject({ applied: NAMES });
    const made = await schema();
    expect(made.length).toBeGreaterThan(empty.length + 60);
    expect((await ours("migrations", "--exit-code")).code).toBe(0);
    expect(await ours("redo", "1", "--yes")).toMatchObject({ redone: [NAMES.at(-1)] });
    expect(await ours("redo", "all", "--yes")).toMatchObject({ redone: NAMES });
    expect(compareSchemas(made, await schema())).toMatchObject({ missing: [], extra: [] });
    expect(await ours("down", "all", "--yes")).toMatchObject({ undone: NAMES.toReversed() });
    expect(compareSchemas(empty, await schema())).toMatchObject({ missing: [], extra: [] });

    await theirs("up");
    expect(compareSchemas(made, await schema()), "theirs").toMatchObject({ missing: [], extra: [] });
    for (let left = NAMES.length; left > 0; left -= 6) {
      await theirs("down", String(Math.min(3, left)));
      if (left > 3)
        expect(await ours("down", "3", "--yes")).toMatchObject({
          undone: NAMES.slice(Math.max(0, left - 6), left - 3).toReversed(),
        });
    }
    expect(await query(url, "select name from pgmigrations")).toEqual([]);
    expect(compareSchemas(empty, await schema()), "after turns down").toMatchObject({ missing: [], extra: [] });
    for (let done = 0; done < NAMES.length; done += 6) {
      expect(await ours("up", "3")).toMatchObject({ applied: NAMES.slice(done, done + 3) });
      await theirs("up", "3");
    }
    expect(compareSchemas(made, await schema()), "after turns up").toMatchObject({ missing: [], extra: [] });
    await ours("down", "all", "--yes");

    const proof = await ours("prove");
    expect(proof).toMatchObject({ ok: true, problems: [], together: NAMES.length });
    const untried = (proof as Record<string, unknown>)["untried"] as {
      readonly file: string;
      readonly reason: string;
    }[];
    expect(new Set(untried.map(({ file }) => file))).toEqual(new Set(["0026_roles.mjs", "0027_grants.mjs"]));
    expect(await query(url, "select rolname from pg_roles where rolname ~ '^changeover_'")).toEqual([]);
  },
);
