import { RefusedError } from "../../errors.ts";
import { keyColumns, type TableMapping } from "../../model/mapping.ts";
import { pgName, pgString, pgTable } from "../../quote.ts";
import type { InState } from "../../target/state-schema.ts";
import type { TargetTransaction } from "../../target/target.ts";
import { logName, touchedOf } from "./render-enabling.ts";

/**
 * A key that was logged, and the row that stands under it in the target's snapshot. Values are PostgreSQL's text
 * output.
 */
export interface ChangedRow {
  readonly key: readonly string[];
  /** In the order of the mapping's columns; null where the row is gone. */
  readonly values: readonly (string | null)[] | null;
}

export interface Pending {
  readonly mapping: TableMapping;
  readonly entries: number;
  /** Size of its log, in pages of the server. Whatever this snapshot sees lies in them. */
  readonly blocks: number;
  /** The table was truncated. */
  readonly whole: boolean;
}

export interface ChangedPage {
  readonly rows: readonly ChangedRow[];
  /** Where the next page begins, see {@link LogPlace}; null after the last one. */
  readonly next: LogPlace | null;
}

/**
 * A place in a log: the entries have no numbers, but lie somewhere, and a snapshot always finds them there. Its block
 * and its place in the block, as one number.
 */
export type LogPlace = bigint;

const PAGE_ENTRIES = 1_000;
const PAGE_BYTES = 8 << 20;
// A block of 32 kB, the largest, has room for fewer entries.
const PLACES_IN_BLOCK = 2_048n;

/** Tables of one batch: each takes some locks until its end, and a server as it comes has few. */
const TABLES_AT_ONCE = 300;

/** Whether anything was logged, by a statement that costs next to nothing, however many tables there are. */
export async function anyChange(
  session: Pick<TargetTransaction, "rows" | "stateSchema">,
  mappings: readonly TableMapping[],
): Promise<boolean> {
  const [row] = await session.rows<{ some: boolean }>(
    `select exists (select from ${touchedOf(session)} where tbl = any($1::int[])) as some`,
    [mappings.map(({ id }) => id)],
  );
  return row?.some === true;
}

/** Tables whose logs have entries. */
async function touchedTables(
  session: Pick<TargetTransaction, "rows" | "stateSchema">,
  mappings: readonly TableMapping[],
): Promise<TableMapping[]> {
  const touched = new Set(
    (await session.rows<{ tbl: number }>(`select distinct tbl from ${touchedOf(session)}`)).map(({ tbl }) => tbl),
  );
  return mappings.filter(({ id }) => touched.has(id));
}

/** Entries of the logs: changes that the source does not have yet. */
export async function countChanges(
  session: Pick<TargetTransaction, "rows" | "stateSchema">,
  mappings: readonly TableMapping[],
): Promise<number> {
  const touched = await touchedTables(session, mappings);
  let entries = 0;
  for (let from = 0; from < touched.length; from += TABLES_AT_ONCE) {
    const counts = touched
      .slice(from, from + TABLES_AT_ONCE)
      .map((mapping) => `(select count(*) from ${logName(session, mapping)})`);
    const [row] = await session.rows<{ entries: string }>(`select (${counts.join(" + ")})::text as entries`);
    entries += Number(row?.entries ?? 0);
  }
  return entries;
}

/** The tables to lock for a batch, see {@link lockAgainstTruncate}: all, or of very many those with changes. */
export async function tablesOfBatch(
  session: Pick<TargetTransaction, "rows" | "stateSchema">,
  mappings: readonly TableMapping[],
): Promise<readonly TableMapping[]> {
  if (mappings.length <= TABLES_AT_ONCE) return mappings;
  return (await touchedTables(session, mappings)).slice(0, TABLES_AT_ONCE);
}

/**
 * TRUNCATE empties a table for older snapshots too, so no table may be truncated between a snapshot and our reading:
 * locks first, which PostgreSQL allows before the snapshot is taken. They keep only TRUNCATE and ALTER TABLE waiting.
 */
export async function lockAgainstTruncate(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  if (mappings.length > 0)
    await tx.run(`lock table ${mappings.map(({ target }) => pgTable(target)).join(", ")} in access share mode`);
}

export interface SeenChanges {
  readonly pending: readonly Pending[];
  /** Tables whose logs this snapshot has seen: their marks are deleted with the entries. */
  readonly touched: readonly TableMapping[];
}

/**
 * Begins a batch: what of the logs of the locked tables this snapshot sees. Null where it sees changes of others, and
 * there is room for them in one batch: then it starts over, with those locked, too.
 */
export async function pendingChanges(
  tx: TargetTransaction,
  mappings: readonly TableMapping[],
  locked: readonly TableMapping[],
): Promise<SeenChanges | null> {
  await lockAgainstTruncate(tx, locked);
  const all = await touchedTables(tx, mappings);
  const touched = all.filter((mapping) => locked.includes(mapping));
  if (touched.length < all.length && all.length <= TABLES_AT_ONCE) return null;
  if (touched.length === 0) return { pending: [], touched };
  const asked = touched.map(
    (mapping, index) =>
      `select ${index} as index, count(*)::text as entries, pg_relation_size(${pgString(logName(tx, mapping))}) / ` +
      `current_setting('block_size')::int as blocks, coalesce(bool_or(whole), false) as whole from ` +
      `${logName(tx, mapping)}`,
  );
  const rows = await tx.rows<{ index: number; entries: string; blocks: string; whole: boolean }>(
    `select index, entries, blocks::text as blocks, whole from (${asked.join(" union all ")}) as c ` +
      `where entries <> '0' order by index`,
  );
  const pending = rows.flatMap(({ index, entries, blocks, whole }) => {
    const mapping = touched[index];
    return mapping === undefined ? [] : [{ mapping, entries: Number(entries), blocks: Number(blocks), whole }];
  });
  return { pending, touched };
}

/** The rows under the next keys of a table's log, as they stand in this snapshot. */
export async function changedPage(tx: TargetTransaction, pending: Pending, from: LogPlace): Promise<ChangedPage> {
  const { mapping, entries, blocks } = pending;
  const end = BigInt(blocks) * PLACES_IN_BLOCK;
  const named = keyColumns(mapping).map((_, position) => `k${position + 1}`);
  let span = BigInt(Math.max(1, Math.floor((PAGE_ENTRIES * blocks) / Math.max(entries, 1)))) * PLACES_IN_BLOCK;
  for (; from < end; span = span / 4n > 0n ? span / 4n : 1n) {
    const next = from + span < end ? from + span : end;
    const part = { from, next, names: named };
    const size = await sizeOfPart(tx, mapping, part);
    if (size.unkeyed) throw withoutKey(mapping);
    if ((size.entries > 4 * PAGE_ENTRIES || size.bytes > PAGE_BYTES) && span > 1n) continue;
    return { rows: size.entries === 0 ? [] : await rowsOfPart(tx, mapping, part), next };
  }
  return { rows: [], next: null };
}

interface LogPart {
  readonly from: LogPlace;
  readonly next: LogPlace;
  /** The log's columns. */
  readonly names: readonly string[];
}

async function sizeOfPart(
  tx: TargetTransaction,
  mapping: TableMapping,
  part: LogPart,
): Promise<{ entries: number; bytes: number; unkeyed: boolean }> {
  const unkeyed = part.names.map((name) => `${name} is null`).join(" or ");
  const [size] = await tx.rows<{ entries: string; bytes: string; unkeyed: boolean }>(
    `select (select count(*) from ${entriesOf(tx, mapping, part)})::text as entries, (select ` +
      `coalesce(sum(pg_column_size(t.*)), 0) from ${keysOf(tx, mapping, part)} join ` +
      `${pgTable(mapping.target)} as t on ${isUnderKey(mapping)})::text as bytes, exists (select from ` +
      `${entriesOf(tx, mapping, part)} where not whole and (${unkeyed})) as unkeyed`,
  );
  return {
    entries: Number(size?.entries ?? 0),
    bytes: Number(size?.bytes ?? 0),
    unkeyed: size?.unkeyed === true,
  };
}

async function rowsOfPart(tx: TargetTransaction, mapping: TableMapping, part: LogPart): Promise<ChangedRow[]> {
  const { names } = part;
  const columns = [
    ...names.map((name, position) => `l.${name}::text as k${position}`),
    `t.${pgName(keyColumns(mapping)[0]?.target ?? "")} is not null as found`,
    ...mapping.columns.map(({ target }, index) => `t.${pgName(target)}::text as c${index}`),
  ];
  const rows = await tx.rows<Record<string, string | boolean | null>>(
    `select ${columns.join(", ")} from ${keysOf(tx, mapping, part)} left ` +
      `join ${pgTable(mapping.target)} as t on ${isUnderKey(mapping)}`,
  );
  return rows.map((row) => ({
    key: names.map((_, position) => String(row[`k${position}`])),
    values: row["found"] === true ? mapping.columns.map((_, index) => row[`c${index}`] as string | null) : null,
  }));
}

/** The entries between two places, which PostgreSQL reads without the rest of the log. */
function entriesOf(tx: InState, mapping: TableMapping, { from, next }: LogPart): string {
  const tid = (place: LogPlace) => `'(${place / PLACES_IN_BLOCK},${place % PLACES_IN_BLOCK})'::tid`;
  return `(select * from ${logName(tx, mapping)} where ctid >= ${tid(from)} and ctid < ${tid(next)}) as e`;
}

function keysOf(tx: InState, mapping: TableMapping, part: LogPart): string {
  const names = part.names.join(", ");
  return `(select ${names} from ${entriesOf(tx, mapping, part)} where not whole group by ${names}) as l`;
}

function isUnderKey(mapping: TableMapping): string {
  return keyColumns(mapping)
    .map((key, position) => `t.${pgName(key.target)} = l.k${position + 1}`)
    .join(" and ");
}

/** The keys of a table's log, as this snapshot has them. */
export async function loggedKeys(tx: TargetTransaction, mapping: TableMapping): Promise<string[][]> {
  const names = keyColumns(mapping).map((_, position) => `k${position + 1}`);
  const rows = await tx.rows<Record<string, string>>(
    `select distinct ${names.map((name) => `${name}::text as ${name}`).join(", ")} from ${logName(tx, mapping)} ` +
      "where not whole",
  );
  return rows.map((row) => names.map((name) => row[name] ?? ""));
}

/** Removes what this snapshot sees of the logs; entries that others wrote meanwhile stay. */
export async function forgetChanges(tx: TargetTransaction, { pending, touched }: SeenChanges): Promise<void> {
  if (touched.length === 0) return;
  const marks = `delete from ${touchedOf(tx)} where tbl in (${touched.map(({ id }) => id).join(", ")})`;
  await tx.run([...pending.map(({ mapping }) => `delete from ${logName(tx, mapping)}`), marks].join("; "));
}

function withoutKey(mapping: TableMapping): RefusedError {
  const columns = keyColumns(mapping).map(({ target }) => target);
  return new RefusedError({
    code: "FAILBACK_WITHOUT_KEY",
    message:
      `a row of ${mapping.target.name} in PostgreSQL has NULL in its key (${columns.join(", ")}), ` +
      "by which the source identifies rows: it cannot go back",
    hint: "give the row a key, or delete it; then run the same command again",
    context: { table: mapping.source, columns },
  });
}
