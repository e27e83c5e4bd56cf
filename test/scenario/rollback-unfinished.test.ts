import { expect, it } from "vitest";
import { query } from "../support/target.ts";
import { begun, migration, NAMES, TABLES, tablesIn } from "./chain-of-tables.ts";

it("a rollback whose Down fails leaves a run that nothing else goes on with, " +
  "and that is rolled back once it is mended", {
  timeout: 180_000,
}, async () => {
  const { before, run, schema, target, write } = await begun({ "0005_t05.sql": migration(4, "select 1/0") });
  const failed = await run("rollback", "--json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: "MIGRATION_FAILED" } });
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual(TABLES);
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "rolling-back", running: false });
  for (const command of [["sync", "--until", "caught-up"], ["cutover"], ["check"], ["complete"]])
    expect((await run(...command)).stderr, command[0]).toContain("[ROLLBACK_UNFINISHED]");
  // Rows that came since are someone's, and are backed up like those of any `down`.
  await query(target, "insert into t12 values (7, null)");
  write({ "0005_t05.sql": migration(4) });
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ ok: true, migrations_undone: NAMES.toReversed() });
  expect(done.stderr).toContain("1 row");
  expect(await tablesIn(target)).toEqual([]);
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "new" });
  expect((await run("full")).code).toBe(0);
});

it("kill -9 amid the Downs, some of them in effect: the same command again finishes", {
  timeout: 180_000,
}, async () => {
  const outside =
    "-- Up Migration\ncreate index concurrently late on t12 (parent);\n-- Down Migration\ndrop index " +
    "concurrently late;\n";
  const { before, run, schema, start, target } = await begun({
    "0003_t03.sql": migration(2, "select pg_sleep(3); drop table t03"),
    "0013_late.sql": outside,
  });
  const killed = start("rollback");
  await killed.saw(/undoing 0003/);
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect(await query(target, "select 1 from pg_class where relname = 'late'")).toEqual([]);
  expect(await tablesIn(target)).toEqual(TABLES);
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ ok: true, migrations_undone: NAMES.toReversed() });
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual([]);
  expect(await query(target, "select count(*)::int as n from changeover.run")).toEqual([{ n: 0 }]);
});
