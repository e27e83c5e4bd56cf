import type { TargetTransaction } from "../db/target.ts";
import { RefusedError } from "../errors.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { logName } from "./render-arming.ts";

/** A key that was logged, and the row that stands under it in the target's snapshot. Values are PostgreSQL's text output. */
export interface ChangedRow {
  readonly key: readonly string[];
  /** In the order of the mapping's columns; null where the row is gone. */
  readonly values: readonly (string | null)[] | null;
}

export interface Pending {
  readonly mapping: TableMapping;
  readonly entries: number;
  /** Its last entry. */
  readonly last: bigint;
  /** The table was truncated. */
  readonly whole: boolean;
}

export interface ChangedPage {
  readonly rows: readonly ChangedRow[];
  /** Null after the last page. */
  readonly next: bigint | null;
}

const PAGE_ENTRIES = 1_000;
const PAGE_BYTES = 8 << 20;

/** Whether anything was logged, by a statement that costs next to nothing. */
export async function anyChange(
  session: Pick<TargetTransaction, "rows">,
  mappings: readonly TableMapping[],
): Promise<boolean> {
  if (mappings.length === 0) return false;
  const [row] = await session.rows<{ some: boolean }>(
    `select ${mappings.map((mapping) => `exists (select from ${logName(mapping)})`).join(" or ")} as some`,
  );
  return row?.some === true;
}

/** Entries of the logs: changes that the source does not have yet. */
export async function countChanges(
  session: Pick<TargetTransaction, "rows">,
  mappings: readonly TableMapping[],
): Promise<number> {
  if (mappings.length === 0) return 0;
  const [row] = await session.rows<{ entries: string }>(
    `select (${mappings.map((mapping) => `(select count(*) from ${logName(mapping)})`).join(" + ")})::text as entries`,
  );
  return Number(row?.entries ?? 0);
}

/**
 * TRUNCATE empties a table for older snapshots too, so no table may be truncated between a snapshot and our reading: locks first,
 * which PostgreSQL allows before the snapshot is taken. They keep only TRUNCATE and ALTER TABLE waiting.
 */
export async function lockAgainstTruncate(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  await tx.run(`lock table ${mappings.map(({ target }) => pgTable(target)).join(", ")} in access share mode`);
}

/** Begins a batch: what of the log this snapshot sees. */
export async function pendingChanges(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<Pending[]> {
  if (mappings.length === 0) return [];
  await lockAgainstTruncate(tx, mappings);
  const counts = mappings.map(
    (mapping, index) =>
      `select ${index} as index, count(*)::text as entries, coalesce(max(id), 0)::text as last, coalesce(bool_or(whole), false) as whole from ${logName(mapping)}`,
  );
  const rows = await tx.rows<{ index: number; entries: string; last: string; whole: boolean }>(
    `select * from (${counts.join(" union all ")}) as c where entries <> '0' order by index`,
  );
  return rows.flatMap(({ index, entries, last, whole }) => {
    const mapping = mappings[index];
    return mapping === undefined ? [] : [{ mapping, entries: Number(entries), last: BigInt(last), whole }];
  });
}

/** The rows under the next keys of a table's log, as they stand in this snapshot. */
export async function changedPage(tx: TargetTransaction, mapping: TableMapping, after: bigint): Promise<ChangedPage> {
  const keys = keyColumns(mapping);
  const names = keys.map((_, position) => `k${position + 1}`);
  const joined = keys.map((key, position) => `t.${pgName(key.target)} = l.${names[position]}`).join(" and ");
  const table = `${pgTable(mapping.target)} as t`;
  for (let limit = PAGE_ENTRIES; ; limit = Math.ceil(limit / 4)) {
    const entries = `(select * from ${logName(mapping)} where id > ${after} order by id limit ${limit}) as e`;
    const distinct = `(select ${names.join(", ")} from ${entries} where not whole group by ${names.join(", ")}) as l`;
    const [size] = await tx.rows<{ last: string | null; bytes: string; unkeyed: boolean }>(
      `select (select max(id) from ${entries})::text as last, (select coalesce(sum(pg_column_size(t.*)), 0) from ${distinct} join ${table} on ${joined})::text as bytes, exists (select from ${entries} where not whole and (${names.map((name) => `${name} is null`).join(" or ")})) as unkeyed`,
    );
    if (size === undefined || size.last === null) return { rows: [], next: null };
    if (size.unkeyed) throw withoutKey(mapping);
    if (Number(size.bytes) > PAGE_BYTES && limit > 1) continue;
    const columns = [
      ...names.map((name, position) => `l.${name}::text as k${position}`),
      `t.${pgName(keys[0]?.target ?? "")} is not null as found`,
      ...mapping.columns.map(({ target }, index) => `t.${pgName(target)}::text as c${index}`),
    ];
    const rows = await tx.rows<Record<string, string | boolean | null>>(
      `select ${columns.join(", ")} from ${distinct} left join ${table} on ${joined}`,
    );
    return {
      rows: rows.map((row) => ({
        key: names.map((_, position) => String(row[`k${position}`])),
        values: row["found"] === true ? mapping.columns.map((_, index) => row[`c${index}`] as string | null) : null,
      })),
      next: BigInt(size.last),
    };
  }
}

/** The keys of a table's log, as this snapshot has them. */
export async function loggedKeys(tx: TargetTransaction, mapping: TableMapping): Promise<string[][]> {
  const names = keyColumns(mapping).map((_, position) => `k${position + 1}`);
  const rows = await tx.rows<Record<string, string>>(
    `select distinct ${names.map((name) => `${name}::text as ${name}`).join(", ")} from ${logName(mapping)} where not whole`,
  );
  return rows.map((row) => names.map((name) => row[name] ?? ""));
}

/** Removes what this snapshot sees of the log; entries that others wrote meanwhile stay. */
export async function forgetChanges(tx: TargetTransaction, pending: readonly Pending[]): Promise<void> {
  if (pending.length > 0) await tx.run(pending.map(({ mapping }) => `delete from ${logName(mapping)}`).join("; "));
}

function withoutKey(mapping: TableMapping): RefusedError {
  const columns = keyColumns(mapping).map(({ target }) => target);
  return new RefusedError({
    code: "RETURN_WITHOUT_KEY",
    message: `a row of ${mapping.target.name} in PostgreSQL has NULL in its key (${columns.join(", ")}), by which the source tells rows apart: it cannot go back`,
    hint: "give the row a key, or delete it; then run the same command again",
    context: { table: mapping.source, columns },
  });
}
