import { pgString } from "../../quote.ts";
import { type InState, inState, stateOf, stateSql } from "../../target/state-schema.ts";
import type { TargetReader } from "../../target/target.ts";

export type Outcome = "done" | "not-done" | "failed" | "interrupted";

/** What is kept of a command: numbers and names, never values of rows. */
export type Details = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface NewEntry {
  readonly command: string;
  readonly details: Details;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
}

export interface Beginning extends NewEntry {
  /** How long ago it began, ms. */
  readonly ago: number;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly details: Details;
}

export interface HistoryEntry extends NewEntry {
  readonly id: string;
  readonly run: string | null;
  /** The source of that run. */
  readonly source: string | null;
  /** In ISO form. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly state: Outcome | "running" | "did-not-end";
  readonly code: string | null;
  readonly role: string;
}

/** Whether there is a history: it is made with the rest of our schema, when a run begins or a migration is applied. */
export async function hasHistory(target: TargetReader): Promise<boolean> {
  const [row] = await target.rows<{ found: boolean }>(
    `select to_regclass(${inState(target, "history")}) is not null as found`,
  );
  return row?.found === true;
}

export async function insertEntry(target: TargetReader, entry: Beginning): Promise<string> {
  const [row] = await target.rows<{ id: string }>(stateSql(target, "target/history-begin"), [
    entry.command,
    JSON.stringify(entry.details),
    entry.user,
    entry.host,
    entry.pid,
    entry.version,
    entry.ago,
  ]);
  return row?.id ?? "0";
}

/** The run that an entry is of, which may begin after it. */
export async function nameRun(target: TargetReader, id: string): Promise<void> {
  await target.rows(
    `update ${stateOf(target)}.history set run = r.id, source = r.source from ${stateOf(target)}.run r where ` +
      `${stateOf(target)}.history.id = $1::text::bigint and run is null`,
    [id],
  );
}

export async function endEntry(target: TargetReader, id: string, ending: Ending): Promise<void> {
  await target.rows(stateSql(target, "target/history-end"), [
    id,
    ending.outcome,
    ending.code,
    JSON.stringify(ending.details),
  ]);
}

/** The entry is at work for as long as this session lives. */
export async function holdEntry(session: TargetReader, id: string): Promise<void> {
  await session.rows(`select pg_advisory_lock_shared(${lockClass(session)}, $1::bigint::integer)`, [id]);
}

/** The same, for as long as this transaction lasts. */
export async function holdEntryInTransaction(tx: TargetReader, id: string): Promise<void> {
  await tx.rows(`select pg_advisory_xact_lock_shared(${lockClass(tx)}, $1::bigint::integer)`, [id]);
}

// "hist", as a number of 32 bits.
export const HISTORY_LOCKS = 1751741300;

/** Each run numbers its entries from 1, so the oid of its state schema goes into the class of their locks. */
function lockClass(connection: InState): string {
  const schema = `to_regnamespace(${pgString(stateOf(connection))})::oid::bigint`;
  return `(${HISTORY_LOCKS} # (${schema} & 2147483647))::integer`;
}

/**
 * The last entries, the newest first. `migrating`: someone holds the lock of migrations, so that the last one that has
 * not ended goes on.
 */
export async function listEntries(
  target: TargetReader,
  options: { readonly limit: number; readonly migrating: boolean },
): Promise<HistoryEntry[]> {
  const rows = await target.rows<
    Omit<HistoryEntry, "details" | "durationMs"> & { readonly details: string; readonly durationMs: string | null }
  >(stateSql(target, "target/history-list"), [HISTORY_LOCKS, options.limit, options.migrating]);
  return rows.map((row) => ({
    ...row,
    durationMs: row.durationMs === null ? null : Number(row.durationMs),
    details: JSON.parse(row.details) as Details,
  }));
}
