import { copyFileSync, renameSync } from "node:fs";
import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import type { HookName } from "../../src/cutover/hooks.ts";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

/** Another file takes the source's place, as an editor or a restore does it: by a rename. */
function swap(path: string): void {
  copyFileSync(path, `${path}.new`);
  renameSync(path, `${path}.captured`);
  renameSync(`${path}.new`, path);
}

function takesWrites(path: string): boolean {
  const database = new Database(path);
  try {
    database.exec("INSERT INTO t(v) VALUES('written')");
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}

async function caughtUp() {
  const { application, path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", {
    journalMode: "delete",
  });
  application.close();
  const target = await emptyDatabase();
  await query(target, "create table t(id bigint primary key, v text)");
  const migration = openMigration({ source: path, target, migrationsDirectory: `${path}.migrations` });
  onTestFinished(() => migration.close());
  await migration.sync({ until: "caught-up" });
  return { migration, path, target };
}

describe("another file in the source's place while a command runs", () => {
  it.each<[HookName, string]>([
    ["before-fence", "SOURCE_REPLACED"],
    ["after-fence", "FENCE_NOT_REMOVED"],
    ["before-open", "FENCE_NOT_REMOVED"],
  ])("from %s on: the target stays shut", async (hook, code) => {
    const { migration, path, target } = await caughtUp();
    await expect(
      migration.cutover({ maxDowntimeMs: 5_000, hooks: { [hook]: async () => swap(path) } }),
    ).rejects.toMatchObject({ code });
    // A copy of the fenced file has its fence, until that expires; one of before takes writes, and so does the
    // target's run not end.
    if (hook === "before-fence") expect(takesWrites(path)).toBe(true);
    expect(await query(target, "select phase = 'cut-over' as open from changeover.run")).toEqual([{ open: false }]);
    await expect(migration.cutover()).rejects.toMatchObject({ code: "SOURCE_REPLACED" });
    // With the captured file back, the fence that was left comes down, and the run goes on.
    renameSync(`${path}.captured`, path);
    const again = openMigration({ source: path, target, migrationsDirectory: `${path}.migrations` });
    onTestFinished(() => again.close());
    expect(await again.cutover()).toMatchObject({ phase: "cut-over" });
    expect(takesWrites(path)).toBe(false);
  });

  it("is met by nothing that was asked of the source before; no empty database is made where it is gone", async () => {
    const { migration, path } = await caughtUp();
    renameSync(path, `${path}.away`);
    await expect(migration.check()).rejects.toMatchObject({ code: "SOURCE_REPLACED" });
    renameSync(`${path}.away`, path);
    expect(await migration.check()).toMatchObject({ ok: true });
    swap(path);
    await expect(migration.sync({ until: "caught-up" })).rejects.toMatchObject({ code: "SOURCE_REPLACED" });
  });
});
