import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { writeMigrationFiles } from "../../src/schema/migrate/write-migration-files.ts";
import { type CliResult, runCli } from "../support/cli.ts";
import { finished } from "../support/runtimes.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const NOTES = "CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO notes(body) VALUES('a'), ('b');";

function expectRefusal({ code, stderr }: CliResult, expected: string, exit: number): void {
  expect(stderr).toContain(`[${expected}]`);
  expect(stderr).toMatch(/\nhint: .{10,}/);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(exit);
}

describe("a rule with a type that does not exist", () => {
  it("is refused before a value is read, with a target and without; one of the target's own is taken", async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(NOTES);
    const validate = (type: string, ...more: readonly string[]) => {
      const rules = { tables: { notes: { columns: { body: { type } } } } };
      writeFileSync(join(cwd, "changeover.config.json"), JSON.stringify(rules));
      return runCli(["validate", "--source", path, ...more], { cwd });
    };
    const mistyped = await validate("txet");
    expectRefusal(mistyped, "RULE_INVALID", 2);
    expect(mistyped.stderr).toContain("did you mean text?");
    expect((await validate("text")).code).toBe(0);
    expectRefusal(await validate("mood"), "RULE_INVALID", 2);
    const target = await emptyDatabase();
    expectRefusal(await validate("mood", "--target", target), "RULE_INVALID", 2);
    const beyond = await validate("numeric(5000)", "--target", target);
    expectRefusal(beyond, "RULE_INVALID", 2);
    expect(beyond.stderr).toMatch(/PostgreSQL refuses: .*precision/);
    await query(target, "create type mood as enum ('a', 'b')");
    const own = await validate("mood", "--target", target);
    expect(own.stderr).not.toContain("RULE_INVALID");
  });
});

describe("a code that no finding has", () => {
  it("is refused as an option and in the config", async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(NOTES);
    expectRefusal(await runCli(["validate", "--accept", "nonsense", "--source", path], { cwd }), "CONFIG_INVALID", 2);
    writeFileSync(join(cwd, "changeover.config.json"), JSON.stringify({ accept: ["no_kye"] }));
    const near = await runCli(["validate", "--source", path], { cwd });
    expectRefusal(near, "CONFIG_INVALID", 2);
    expect(near.stderr).toContain("did you mean NO_KEY?");
  });
});

describe("a directory for migrations that cannot be written to", () => {
  it("is named before anything else is done", async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(NOTES);
    // As root, permissions stop nobody; a file in the way stops everybody.
    writeFileSync(join(cwd, "file"), "");
    const within = ["--migrations-dir", join("file", "migrations")];
    const schema = await runCli(["schema", "--write", "--source", path, ...within], { cwd });
    expectRefusal(schema, "MIGRATION_NOT_WRITTEN", 1);
    expect(schema.stderr).not.toContain("looking at");
    expectRefusal(await runCli(["new", "a", ...within], { cwd }), "MIGRATION_NOT_WRITTEN", 1);
    const target = await emptyDatabase();
    const inPlace = ["--migrations-dir", "file", "--target", target];
    expectRefusal(await runCli(["full", "--source", path, ...inPlace], { cwd }), "MIGRATIONS_UNREADABLE", 1);
    expectRefusal(await runCli(["up", ...inPlace], { cwd }), "MIGRATIONS_UNREADABLE", 1);
  });

  it("keeps no half of a set", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "0002_b.sql"));
    const files = ["0001_a.sql", "0002_b.sql"].map((name) => ({ name, text: "-- Up Migration\n" }));
    expect(() => writeMigrationFiles(directory, files)).toThrow(
      expect.objectContaining({ code: "MIGRATION_NOT_WRITTEN" }) as Error,
    );
    expect(readdirSync(directory)).toEqual(["0002_b.sql"]);
  });
});

describe("a config in TypeScript", () => {
  it("may import changeover where it is not installed", async () => {
    const cwd = temporaryDirectory();
    await sqliteFile(NOTES).then(({ path }) =>
      writeFileSync(
        join(cwd, "changeover.config.ts"),
        `import { type ConfigFile, defineConfig } from "changeover";
         import { fencedBy } from "changeover/fenced-by";
         const source: string = ${JSON.stringify(path)};
         const accept = [typeof fencedBy === "function" ? "NO_KEY" : "?"];
         export default defineConfig({ source, accept } satisfies ConfigFile);`,
      ),
    );
    expect(await runCli(["validate"], { cwd })).toMatchObject({ code: 0 });
    writeFileSync(join(cwd, "changeover.config.ts"), 'import "changeovers";\nexport default {};');
    expectRefusal(await runCli(["validate"], { cwd }), "CONFIG_INVALID", 2);
  });
});

describe("a checkout that is not built, as after npm ci --ignore-scripts", () => {
  it("says the command that builds it", async () => {
    const cwd = temporaryDirectory();
    cpSync(fileURLToPath(new URL("../../bin", import.meta.url)), join(cwd, "bin"), { recursive: true });
    writeFileSync(join(cwd, "package.json"), '{"type": "module"}');
    const { code, output, stdout } = await finished(process.execPath, ["bin/changeover.js", "status", "--json"], {
      cwd,
    });
    expect(code).toBe(1);
    expect(output).toMatch(/not built[^\n]* \[NOT_BUILT\]\nhint: run `npm run build`/);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "NOT_BUILT" } });
  });
});
