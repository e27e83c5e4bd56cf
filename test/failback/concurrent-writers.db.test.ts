import { expect, it } from "vitest";
import { prepareFailbackCapture } from "../../src/failback/capture/enable-failback.ts";
import { renderGate, renderRowidDefaults } from "../../src/failback/capture/render-enabling.ts";
import { changedPage, forgetChanges, pendingChanges } from "../../src/failback/capture/target-changes.ts";
import { ROWID_COLUMN, type TableMapping } from "../../src/model/mapping.ts";
import { pgName } from "../../src/quote.ts";
import { openTarget, type TargetSession, type TargetTransaction } from "../../src/target/target.ts";
import { Random } from "../fuzz/random.ts";
import { fuzzSeeds } from "../fuzz/seeds.ts";
import { emptyTarget } from "../support/target.ts";

/**
 * The failback's log has no order, and needs none: a batch brings the present state of each key that its snapshot sees,
 * and removes just the entries that it sees. So after each batch the source must equal that very snapshot, whatever was
 * in flight, came late, was rolled back or truncated.
 */
const KEYS = 12;
const WRITERS = 5;
const TRANSACTIONS = 60;

const integer = (name: string) =>
  ({
    source: name,
    target: name,
    affinity: "integer",
    collation: "BINARY",
    conversion: { kind: "integer", type: "bigint" },
  }) as const;

const KEYED: TableMapping = {
  id: 1,
  source: "keyed",
  target: { schema: "public", name: "keyed" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [integer("id"), integer("v")],
};
const HEAP: TableMapping = {
  ...KEYED,
  id: 2,
  source: "heap",
  target: { schema: "public", name: "heap" },
  identity: { kind: "rowid", rowidName: "rowid" },
};
const TABLES = [KEYED, HEAP];
const SCHEMA = `create schema changeover; create table keyed(id bigint primary key, v bigint);
  create table heap(id bigint, v bigint, ${ROWID_COLUMN} bigint not null unique);
  insert into keyed select n, 0 from generate_series(1, 6) as n;
  insert into heap select n, 0, n from generate_series(1, 6) as n`;

function statement(random: Random): string {
  const table = random.pick(["keyed", "keyed", "heap"]);
  const [key, other, v] = [1 + random.int(KEYS), 1 + random.int(KEYS), random.int(1_000)];
  switch (random.int(10)) {
    case 0:
    case 1:
      return `insert into keyed values (${key}, ${v}) on conflict (id) do update set v = excluded.v`;
    case 2:
      return `insert into heap(id, v) values (${key}, ${v})`;
    case 3:
      return `delete from ${table} where id = ${key}`;
    case 4:
      return `update keyed set id = ${other} where id = ${key} and not exists (select from keyed where id = ${other})`;
    case 5:
      return `delete from keyed where id = ${key}; insert into keyed values (${key}, ${v})`;
    case 6:
      return random.chance(0.1) ? `truncate ${table}` : `update ${table} set v = v + 1 where id < ${key}`;
    case 7:
      return `savepoint s; update ${table} set v = ${v}; delete from ${table} where id = ${key}; rollback to s`;
    default:
      return `update ${table} set v = ${v} where id = ${key}`;
  }
}

/** Transactions that overlap with others', commit late, or not at all. */
async function write(session: TargetSession, random: Random): Promise<number> {
  await session.run("set lock_timeout = '20ms'");
  let committed = 0;
  for (let count = 0; count < TRANSACTIONS; count++) {
    try {
      await session.run("begin");
      for (let left = 1 + random.int(4); left > 0; left--) {
        await session.run(statement(random));
        if (random.chance(0.1)) await new Promise((done) => setTimeout(done, random.int(25)));
      }
      await session.run(random.chance(0.15) ? "rollback" : "commit");
      committed++;
    } catch {
      await session.run("rollback");
    }
  }
  return committed;
}

type Source = ReadonlyMap<TableMapping, Map<string, string>>;

async function rowsOf(tx: TargetTransaction, mapping: TableMapping): Promise<Map<string, string>> {
  const key = mapping === HEAP ? pgName(ROWID_COLUMN) : "id";
  const rows = await tx.rows<{ key: string; row: string }>(
    `select ${key}::text as key, concat_ws(',', id, v) as row from ${mapping.source}`,
  );
  return new Map(rows.map(({ key: name, row }) => [name, row]));
}

/** A batch, with a map in place of SQLite; then the source is what the batch's snapshot is. */
async function bringBatch(session: TargetSession, source: Source): Promise<number> {
  return session.transaction(
    async (tx) => {
      const seen = await pendingChanges(tx, TABLES, TABLES);
      if (seen === null) throw new Error("all tables are locked, so none is another's");
      let entries = 0;
      for (const changes of seen.pending) {
        const rows = source.get(changes.mapping);
        if (changes.whole) rows?.clear();
        for (let page = await changedPage(tx, changes, 0n); page.next !== null; ) {
          for (const { key, values } of page.rows)
            if (values === null) rows?.delete(key.join());
            else rows?.set(key.join(), values.join());
          page = await changedPage(tx, changes, page.next);
        }
        entries += changes.entries;
      }
      await forgetChanges(tx, seen);
      for (const mapping of TABLES) expect(sorted(source.get(mapping))).toEqual(sorted(await rowsOf(tx, mapping)));
      return entries;
    },
    { isolation: "repeatable read" },
  );
}

function sorted(rows: ReadonlyMap<string, string> | undefined): [string, string][] {
  return [...(rows ?? [])].sort(([a], [b]) => a.localeCompare(b));
}

const seeds = fuzzSeeds("failback-log", { usual: 1 });

it("equals the snapshot of each batch, whoever writes meanwhile, and in whatever order they commit", {
  timeout: seeds.timeout,
}, async () => {
  for (const seed of seeds.each()) {
    const { url, session, target } = await emptyTarget(SCHEMA);
    const source: Source = new Map(
      await session.transaction(async (tx) => [
        [KEYED, await rowsOf(tx, KEYED)],
        [HEAP, await rowsOf(tx, HEAP)],
      ]),
    );
    await prepareFailbackCapture(session, TABLES);
    await session.run([renderGate(session, { isEnabled: true }), ...renderRowidDefaults(session, TABLES)].join(";"));
    const writing = openTarget({ url });
    const sessions = await Promise.all(Array.from({ length: WRITERS }, () => writing.session()));
    let isWriting = true;
    const writers = Promise.all(sessions.map((one, index) => write(one, new Random(seed * 100 + index)))).finally(
      () => {
        isWriting = false;
      },
    );
    let [batches, brought] = [0, 0];
    while (isWriting) {
      const entries = await bringBatch(session, source);
      if (entries > 0) batches++;
      brought += entries;
    }
    await writers;
    await bringBatch(session, source);
    expect(batches).toBeGreaterThan(20);
    expect(brought).toBeGreaterThan(100);
    seeds.count({ batches, entries: brought });
    await writing.close();
    await target.close();
  }
});
