import { expect, it } from "vitest";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { sql } from "../../src/sql.ts";
import { defer } from "../../src/target/deferred/defer.ts";
import { validateForeignKeys } from "../../src/target/deferred/deferred-foreign-keys.ts";
import type { Deferred } from "../../src/target/deferred/deferred-objects.ts";
import { restoreDeferred } from "../../src/target/deferred/restore-deferred.ts";
import { createRun } from "../../src/target/store/run-store.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const TABLES = `
  create table parent (id integer primary key, name text unique);
  create table child (id integer primary key, parent integer references parent, a text, b text);
  create index child_a on child (a);
  create unique index child_b on child (b, id);
  create index child_lower on child (lower(a));
  comment on index child_lower is 'by name';
  insert into parent select n, 'p' || n from generate_series(1, 100) as n;
  insert into child select n, 1 + n % 100, 'a' || n % 7, 'b' || n from generate_series(1, 2000) as n;
`;
const DEFINITIONS = `
  select indexname as name, indexdef as text, obj_description(format('%I', indexname)::regclass) as comment
    from pg_indexes where schemaname = 'public'
  union all select conname, pg_get_constraintdef(oid) || convalidated, null from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n'
  order by 1, 2`;
const BOTH = [
  { schema: "public", name: "parent", key: ["id"] },
  { schema: "public", name: "child", key: ["id"] },
];

/** Tables from which all is taken off; sessions that note which of them does what. */
async function deferred() {
  const { session, target, url } = await emptyTarget(TABLES);
  await prepareRunStore(session, url);
  const before = await session.rows(DEFINITIONS);
  const run = "11111111-1111-4111-8111-111111111111";
  await session.transaction(async (tx) => {
    await createRun(tx, {
      id: run,
      source: "x",
      sourceIdentity: { kind: "server", url: "x" },
      captured: false,
      mappings: [],
      rows: new Map(),
    });
    await defer(tx, run, BOTH);
  });
  expect(await session.rows(DEFINITIONS)).toEqual([]);
  const opened: TargetSession[] = [];
  const open = async () => {
    const another = await target.session();
    opened.push(another);
    return another;
  };
  return { before, opened, run, session, sessions: { first: session, target: { session: open }, max: 3 } };
}

it("recreates all deferred objects, the indexes of one table in several sessions", async () => {
  const { before, opened, run, session, sessions } = await deferred();
  const begun: string[] = [];
  await restoreDeferred(sessions, run, ["copied", "caught-up"], {
    analyzed: BOTH,
    onEach: ({ name }: Deferred) => void begun.push(name),
  });
  expect(begun.sort()).toEqual(["child_a", "child_b", "child_lower", "child_pkey", "parent_name_key", "parent_pkey"]);
  expect(opened.length).toBe(2);
  await restoreDeferred(sessions, run, ["cutover"]);
  expect(await validateForeignKeys(sessions, run)).toEqual([]);
  expect(await session.rows(DEFINITIONS)).toEqual(before);
  expect(
    await session.rows(
      "select tablename::text as name from pg_stats where schemaname = 'public' group by 1 order by 1",
    ),
  ).toEqual([{ name: "child" }, { name: "parent" }]);
});

it("stops at the first object that cannot be recreated, and continues there later", async () => {
  const { before, run, session, sessions } = await deferred();
  await session.run("insert into child values (3000, 5, 'x', 'y'), (3000, 5, 'x', 'z')");
  await expect(restoreDeferred(sessions, run, ["copied", "caught-up"])).rejects.toThrow(/child_pkey/);
  await session.run("delete from child where b = 'z'");
  await restoreDeferred(sessions, run, ["copied", "caught-up", "cutover"]);
  expect(await validateForeignKeys(sessions, run)).toEqual([]);
  expect(await session.rows(DEFINITIONS)).toEqual(before);
});

it("names violated foreign keys, or throws at the first", async () => {
  const { run, session, sessions } = await deferred();
  await session.run("insert into child values (3000, 555, 'x', 'y')");
  await restoreDeferred(sessions, run, ["copied", "caught-up", "cutover"]);
  expect((await validateForeignKeys(sessions, run)).map(({ name }) => name)).toEqual(["child_parent_fkey"]);
  await expect(validateForeignKeys(sessions, run, { orThrow: true })).rejects.toThrow(/child_parent_fkey/);
});

it("uses little memory for small tables to sort an index and to check a foreign key", async () => {
  const { run, session, sessions } = await deferred();
  const memory = async (name: string, args: readonly string[], setting: string) => {
    const [row] = await session.transaction(async (tx) => {
      await tx.run(`set local maintenance_work_mem = '${setting}'`);
      await tx.rows(sql(`target/${name}`), args);
      return tx.rows<{ memory: string }>("select current_setting('maintenance_work_mem') as memory");
    });
    return row?.memory;
  };
  expect(await memory("sort-memory", ['"public"."child"'], "2GB")).toBe("8MB");
  expect(await memory("sort-memory", ['"public"."child"'], "1MB")).toBe("8MB");
  await restoreDeferred(sessions, run, ["copied", "caught-up", "cutover"]);
  expect(await memory("join-memory", ['"public"."child"', "child_parent_fkey"], "2GB")).toBe("4MB");
  expect(await memory("join-memory", ['"public"."child"', "child_parent_fkey"], "1MB")).toBe("1MB");
  await session.run(
    "create table parted (id integer) partition by list (id); create table part partition of parted default",
  );
  expect(await memory("sort-memory", ['"public"."parted"'], "2GB")).toBe("8MB");
});
