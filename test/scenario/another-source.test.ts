import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { MigrationOptions } from "../../src/api/options.ts";
import { type Migration, openMigration } from "../../src/migration.ts";
import { caughtUpRun, codeOf, rowsOf, writeTo } from "../support/caught-up-run.ts";

const COMMANDS: Readonly<Record<string, (migration: Migration) => Promise<unknown>>> = {
  cutover: (migration) => migration.cutover(),
  rehearse: (migration) => migration.rehearse(),
  sync: (migration) => migration.sync({ until: "caught-up" }),
  resync: (migration) => migration.sync({ until: "caught-up", resync: ["t"] }),
  check: (migration) => migration.check(),
  repair: (migration) => migration.check({ repair: true }),
  full: (migration) => migration.full(),
  data: (migration) => migration.data(),
  "quarantine retry": (migration) => migration.quarantine.retry(),
  rollback: (migration) => migration.rollback(),
  complete: (migration) => migration.complete(),
  clean: (migration) => migration.clean(),
};

/** What each command says to these ends. */
async function refusals(options: MigrationOptions): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {};
  for (const [name, command] of Object.entries(COMMANDS)) {
    const migration = openMigration(options);
    said[name] = await command(migration).catch((error: unknown) => (error as { code?: string }).code ?? error);
    await migration.close();
  }
  return said;
}

const ALL_REFUSED = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, "SOURCE_IS_ANOTHER_FILE"]));

describe("a copy of the source", () => {
  it("is refused by every command of the run, and the run goes on with the original", async () => {
    const { cli, copyTo, cwd, path, target } = await caughtUpRun();
    const copy = copyTo(join(cwd, "copy.db"));
    writeTo(copy, "UPDATE t SET v = 'of the copy' WHERE id = 1");
    writeTo(path, "INSERT INTO t VALUES(3, 'of the original')");
    const before = readFileSync(copy);
    const refused = await cli(copy, "cutover");
    expect([refused.code, codeOf(refused)]).toEqual([1, "SOURCE_IS_ANOTHER_FILE"]);
    expect(refused.document.error?.hint).toMatch(/--source-moved.*rehearse --copy/);
    expect(codeOf(await cli(copy, "cutover", "--source-moved", "--only-source"))).toBe("OLD_SOURCE_IN_USE");
    expect(await refusals({ source: copy, target })).toEqual(ALL_REFUSED);
    expect(readFileSync(copy)).toEqual(before);
    expect(await cli(path, "cutover")).toMatchObject({ code: 0, document: { phase: "cut-over" } });
    expect(await rowsOf(target)).toEqual({ 1: "one", 2: "two", 3: "of the original" });
    expect(() => writeTo(path, "INSERT INTO t VALUES(4, 'late')")).toThrow(/moved to PostgreSQL/);
    expect(await refusals({ source: copy, target })).toEqual(ALL_REFUSED);
  });

  it("does not pass for fenced: status says what it has seen, and in which file", async () => {
    const { cli, copyTo, cwd, path, target } = await caughtUpRun();
    const copy = copyTo(join(cwd, "copy.db"));
    expect((await cli(path, "cutover")).code).toBe(0);
    const look = async (source?: string) => {
      const migration = openMigration({ target, ...(source === undefined ? {} : { source }) });
      const { source_state } = await migration.status();
      await migration.close();
      return source_state;
    };
    expect(await look()).toBeNull();
    expect(await look(path)).toEqual({ location: path, is_run_source: true, fence: "handed-over", error: null });
    expect(await look(copy)).toEqual({ location: copy, is_run_source: false, fence: "none", error: null });
    expect(await look(join(cwd, "none.db"))).toMatchObject({ fence: null, error: { code: "SOURCE_NOT_FOUND" } });
    expect((await cli(path, "clean", "--yes")).code).toBe(0);
    expect(await look(path)).toMatchObject({ is_run_source: true, fence: "none" });
  });
});
