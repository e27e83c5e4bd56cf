import { expect, it } from "vitest";
import { query } from "../support/target.ts";
import { begun, migration, NAMES, TABLES, tablesIn } from "./chain-of-tables.ts";

it("a migration that cannot be undone, or read, stops no rollback half-way: the one stays, " +
  "the other is told beforehand", {
  timeout: 180_000,
}, async () => {
  const { before, run, schema, target, write } = await begun({});
  write({ "0012_t12.sql": null, "0012_t12.js": "this is no program" });
  const unread = await run("rollback", "--json");
  expect(JSON.parse(unread.stdout)).toMatchObject({ error: { code: "MIGRATION_UNREADABLE" } });
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "syncing" });
  write({ "0012_t12.js": null, "0012_t12.sql": migration(11) });
  write({
    "0010_t10.sql": "-- Up Migration\ncreate table t10 (id bigint primary key, parent bigint references t09);\n",
  });
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ migrations_undone: ["0012_t12", "0011_t11"] });
  expect(done.stderr).toContain("0010_t10 has no down half");
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual(TABLES.slice(0, 10));
  expect(await query(target, "select count(*)::int as n from t01")).toEqual([{ n: 0 }]);
});

it("a rollback that could not empty the tables goes on, although they were undone by hand since", {
  timeout: 180_000,
}, async () => {
  const { before, run, schema, target } = await begun({});
  await query(target, "create table mine (t bigint references t12)");
  const refused = await run("rollback");
  expect(refused.code, refused.stderr).toBe(1);
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "rolling-back" });
  const keys = "select conname from pg_constraint where contype = 'f' and conrelid = 'mine'::regclass";
  expect(await query(target, keys), "the key of a table that is not ours").toEqual([{ conname: "mine_t_fkey" }]);
  await query(target, "drop table mine");
  const down = await run("down", "6");
  expect(down.code, down.stderr).toBe(0);
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ migrations_undone: NAMES.slice(0, 6).toReversed() });
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual([]);
});
