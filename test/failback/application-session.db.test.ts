import { describe, expect, it } from "vitest";
import {
  renderGate,
  renderLog,
  renderRowidDefaults,
  renderTouched,
  renderTriggers,
} from "../../src/failback/capture/render-enabling.ts";
import { changedPage, countChanges, forgetChanges, pendingChanges } from "../../src/failback/capture/target-changes.ts";
import { ROWID_COLUMN, type TableMapping } from "../../src/model/mapping.ts";
import { openTarget, type TargetSession, type TargetTransaction } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const id = {
  source: "id",
  target: "id",
  affinity: "integer",
  collation: "BINARY",
  conversion: { kind: "integer", type: "bigint" },
} as const;

function table(number: number, name: string, keyless = false): TableMapping {
  return {
    id: number,
    source: name,
    target: { schema: "public", name },
    identity: keyless ? { kind: "rowid", rowidName: "rowid" } : { kind: "columns", columns: ["id"] },
    columns: [id],
  };
}

const MAPPINGS = [table(1, "parent"), table(2, "child"), table(3, "bag", true)];
const SCHEMA = `create schema changeover;
  create table parent(id bigserial primary key, name text);
  create table child(id bigint primary key, parent bigint not null references parent);
  create table bag(id bigint, ${ROWID_COLUMN} bigint not null unique);
  insert into bag values (0, 41);
  insert into parent(name) values ('a'), ('b'), ('c')`;

async function enable(session: TargetSession): Promise<void> {
  await session.run(`${renderGate(session, { isEnabled: false })}; ${renderTouched(session)}`);
  for (const mapping of MAPPINGS)
    await session.run([...renderLog(session, mapping), ...renderTriggers(session, mapping)].join(";"));
  await session.run([renderGate(session, { isEnabled: true }), ...renderRowidDefaults(session, MAPPINGS)].join(";"));
}

async function enabled() {
  const made = await emptyTarget(SCHEMA);
  await enable(made.session);
  return made;
}

/** The keys of all pages of one table's log. */
async function loggedIn(tx: TargetTransaction, mapping: TableMapping): Promise<{ keys: string[]; pages: number }> {
  const [pending] = (await pendingChanges(tx, [mapping], [mapping]))?.pending ?? [];
  const keys: string[] = [];
  let pages = 0;
  if (pending === undefined) return { keys, pages };
  for (let page = await changedPage(tx, pending, 0n); page.next !== null; pages++) {
    keys.push(...page.rows.map(({ key }) => key.join()));
    page = await changedPage(tx, pending, page.next);
  }
  return { keys, pages };
}

async function applyBatch(session: TargetSession): Promise<string[]> {
  return session.transaction(
    async (tx) => {
      const seen = await pendingChanges(tx, MAPPINGS, MAPPINGS);
      const { keys } = await loggedIn(tx, table(1, "parent"));
      if (seen !== null) await forgetChanges(tx, seen);
      return keys;
    },
    { isolation: "repeatable read" },
  );
}

describe("a session of the application, while the failback's log is written", () => {
  it("gets from lastval() and currval() the id that it was given, and hangs a child on the right parent", async () => {
    const { session, target } = await enabled();
    const [made] = await session.rows<{ id: string }>("insert into parent(name) values ('d') returning id::text");
    expect(made).toEqual({ id: "4" });
    // A table without a key has its rows numbered as well.
    await session.run("insert into bag(id) values (1), (2)");
    await session.run("update parent set name = 'D' where id = 4");
    expect(await session.rows("select lastval()::text as last, currval('parent_id_seq')::text as current")).toEqual([
      { last: "4", current: "4" },
    ]);
    await session.run("insert into child(id, parent) values (1, lastval())");
    expect(await session.rows("select parent::text as parent from child")).toEqual([{ parent: "4" }]);
    await target.close();
  });

  it("has drawn from no sequence at all where its own statement draws from none", async () => {
    const { target } = await enabled();
    const session = await target.session();
    await session.run("insert into child values (1, 1); insert into bag(id) values (1); update child set parent = 2");
    await session.run("delete from child; truncate bag");
    await expect(session.rows("select lastval()")).rejects.toThrow(/lastval is not yet defined/);
    await target.close();
  });

  it("sees its own row counts, RETURNING and FOUND, in the statement that it prepared before", async () => {
    const { session, target } = await emptyTarget(SCHEMA);
    await session.run("prepare add(text) as insert into parent(name) values ($1) returning id");
    await session.run("execute add('before')");
    await enable(session);
    expect(await session.rows("execute add('after')")).toEqual([{ id: "5" }]);
    await session.run(`create table seen(what text, n bigint);
      do $$ declare n bigint; begin
        update parent set name = name where id <= 3; get diagnostics n = row_count; insert into seen
          values ('update', n);
        update parent set name = '' where id = -1; insert into seen values ('found', found::int);
        insert into bag(id) select generate_series(1, 7); get diagnostics n = row_count; insert into seen
          values ('bag', n);
        delete from parent where id > 3; get diagnostics n = row_count; insert into seen values ('delete', n);
      end $$`);
    expect(await session.rows("select what, n::int as n from seen order by seen.n")).toEqual([
      { what: "found", n: 0 },
      { what: "delete", n: 2 },
      { what: "update", n: 3 },
      { what: "bag", n: 7 },
    ]);
    await target.close();
  });

  it("numbers the rows of a table without a key above all others, each with its own, whoever writes", async () => {
    const { url, session, target } = await enabled();
    const other = openTarget({ url });
    const sessions = [session, await other.session(), await other.session()];
    await Promise.all(sessions.map((one) => one.run("insert into bag(id) select generate_series(1, 2000)")));
    const [rows] = await session.rows<{ n: number; least: boolean; inOrder: boolean }>(
      `select count(distinct ${ROWID_COLUMN})::int as n, bool_and(id = 0 or ${ROWID_COLUMN} between 42 ` +
        `and 1e15) as least, count(*) filter (where id = 2000 and ${ROWID_COLUMN} < 100) = 0 as "inOrder" ` +
        "from bag",
    );
    expect(rows).toEqual({ n: 6001, least: true, inOrder: true });
    await other.close();
    await target.close();
  });

  it("may publish all of its tables: entries of the log can still be deleted", async () => {
    const { session, target } = await enabled();
    await session.run("create publication everything for table changeover.failback_1");
    await session.run("insert into parent(name) values ('d')");
    expect(await applyBatch(session)).toEqual(["4"]);
    await target.close();
  });
});

describe("the failback's log, which has no order", () => {
  it("gives each entry to one batch, also where its transaction commits behind a later one", async () => {
    const { url, session, target } = await enabled();
    const other = openTarget({ url });
    const late = await other.session();
    await late.run("begin; insert into parent(id, name) values (100, 'late')");
    await session.run("insert into parent(id, name) values (101, 'soon')");
    expect(await applyBatch(session)).toEqual(["101"]);
    await late.run("commit");
    expect(await applyBatch(session)).toEqual(["100"]);
    expect(await applyBatch(session)).toEqual([]);
    expect(await countChanges(session, MAPPINGS)).toBe(0);
    await other.close();
    await target.close();
  });

  it("is read in pages of about a thousand entries, behind the room of thousands that are gone, too", async () => {
    const { session, target } = await enabled();
    await session.run("insert into parent(id, name) select n, 'x' from generate_series(10, 20009) as n");
    await session.transaction(
      async (tx) => {
        const { keys, pages } = await loggedIn(tx, table(1, "parent"));
        expect([keys.length, new Set(keys).size]).toEqual([20_000, 20_000]);
        expect(pages).toBeGreaterThan(10);
        expect(pages).toBeLessThan(40);
      },
      { isolation: "repeatable read" },
    );
    await applyBatch(session);
    await session.run("update parent set name = 'y' where id = 500");
    expect(await applyBatch(session)).toEqual(["500"]);
    await target.close();
  });

  it("is read by as few rows at a time as memory allows where they are wide", async () => {
    const { session, target } = await enabled();
    await session.run("alter table parent alter name set storage external; truncate parent cascade");
    await applyBatch(session);
    await session.run(
      "insert into parent(id, name) select n, repeat(md5(n::text), 60000) from generate_series(1, 10) as n",
    );
    const mapping: TableMapping = { ...table(1, "parent"), columns: [id, { ...id, source: "name", target: "name" }] };
    await session.transaction(
      async (tx) => {
        const { keys, pages } = await loggedIn(tx, mapping);
        expect(new Set(keys).size).toBe(10);
        expect(pages).toBeGreaterThan(1);
      },
      { isolation: "repeatable read" },
    );
    await target.close();
  });
});
