import { FENCE_TABLE } from "../../model/change-log.ts";
import { sqliteName, sqliteString } from "../../quote.ts";
import { pause } from "../../retry.ts";
import { rolledBack } from "../rolled-back.ts";
import { readSchemaVersion } from "../schema-version.ts";
import type { Source, SourceReader, SourceWriter } from "../source.ts";
import {
  CHANGES_TABLE,
  FENCE_NAMES,
  type FencedTables,
  type FenceTrigger,
  renderFenceTables,
  renderFenceTriggers,
} from "./source-fence-triggers.ts";

// Each slice that commits has every connection read the whole schema again, the application's too: where that takes
// tens of milliseconds, few long slices are cheaper for all than many short ones. One more trigger takes a few
// milliseconds there.
const SLICE_MS = 40;
const BETWEEN_MS = 10;

export interface SliceOptions {
  /** Runs between two transactions, while the source's lock is free. */
  readonly between?: () => Promise<void>;
  /** By how much one transaction has moved the source's count of schema changes. */
  readonly onSchemaChange: (by: number) => void;
}

/**
 * Puts the fence's sleeping triggers in place, in transactions so short that no writer of the application waits
 * noticeably: with a thousand tables it takes seconds, and none of them is downtime. Safe to run again. Returns how
 * many triggers stand.
 */
export async function prepareFence(source: Source, options: FencedTables & SliceOptions): Promise<number> {
  const triggers = renderFenceTriggers(options);
  const present = new PresentTriggers();
  await inSlices(source, options, async (tx, slice) => {
    for (const statement of renderFenceTables()) await tx.run(statement);
    const next = await createSome(tx, { ...slice, triggers, present: await present.of(tx) });
    return { next, isLast: next >= triggers.length };
  });
  return triggers.length;
}

/** Removes what `prepareFence` has put there, in short transactions too. The fence must be down. */
export async function dismantleFence(source: Source, options: SliceOptions): Promise<void> {
  const present = new PresentTriggers();
  await inSlices(source, options, async (tx, slice) => dropSome(tx, [...(await present.of(tx)).keys()], slice));
}

/** Whether the fence's triggers can be made: each is, and taken back. */
export async function tryFence(source: Source, tables: FencedTables): Promise<void> {
  const triggers = renderFenceTriggers(tables);
  for (let next = 0; next < triggers.length; ) {
    const began = performance.now();
    next = await rolledBack(source, async (tx) => {
      for (const statement of renderFenceTables()) await tx.run(statement);
      const present = await new PresentTriggers().of(tx);
      return createSome(tx, { triggers, from: next, present, until: performance.now() + SLICE_MS });
    });
    await pause(restAfter(performance.now() - began));
  }
}

/** From here on only what follows is counted. */
export async function forgetFenceChanges(tx: SourceWriter): Promise<void> {
  if (await hasTable(tx, CHANGES_TABLE)) await tx.run(`DELETE FROM ${sqliteName(CHANGES_TABLE)}`);
}

/** How often a preparation that was killed has changed the source's schema; 0 if there was none. */
export async function changesOfFence(tx: SourceReader): Promise<number> {
  if (!(await hasTable(tx, CHANGES_TABLE))) return 0;
  const [row] = await tx.rows(`SELECT sum(changes) FROM ${sqliteName(CHANGES_TABLE)}`);
  return Number(row?.[0] ?? 0n);
}

interface Slice {
  /** How many triggers the slices before this one have done with. */
  readonly from: number;
  /** performance.now() at which it is to end. */
  readonly until: number;
}

interface SliceDone {
  readonly next: number;
  readonly isLast: boolean;
}

type SliceWork = (tx: SourceWriter, slice: Slice) => Promise<SliceDone>;

/** Does slices of work until one says that it was the last. After BUSY a slice runs again, from where it began. */
async function inSlices(source: Source, { between, onSchemaChange }: SliceOptions, work: SliceWork): Promise<void> {
  for (let from = 0; ; ) {
    let began = 0;
    const { by, isLast, next } = await source.write(
      (tx) => {
        began = performance.now();
        return counted(tx, from, work);
      },
      { durable: false },
    );
    const heldMs = performance.now() - began;
    onSchemaChange(by);
    if (isLast) return;
    from = next;
    await between?.();
    await pause(restAfter(heldMs));
  }
}

/**
 * How long the source's lock is left to others. A writer reads the schema again before it can take the lock, which
 * takes it as long as us. With 1,000 tables and rests of 10 ms, a writer that waits 10 ms for locks got none for 4 s.
 */
function restAfter(heldMs: number): number {
  return Math.min(Math.max(BETWEEN_MS, 2 * heldMs), 500);
}

/** Notes, in the same transaction, how far a slice moved SQLite's count of schema changes. */
async function counted(tx: SourceWriter, from: number, work: SliceWork): Promise<SliceDone & { readonly by: number }> {
  const before = await readSchemaVersion(tx);
  const done = await work(tx, { from, until: performance.now() + SLICE_MS });
  const by = (await readSchemaVersion(tx)) - before;
  if (by !== 0 && (await hasTable(tx, CHANGES_TABLE)))
    await tx.run(`INSERT INTO ${sqliteName(CHANGES_TABLE)} VALUES(${by})`);
  return { ...done, by };
}

/**
 * The fence's triggers with their text, by name, read once: thousands of them would be read again for each slice. That
 * one was dropped meanwhile is noticed when the fence goes up, since they are counted there.
 */
class PresentTriggers {
  #known: ReadonlyMap<string, string> | null = null;

  async of(tx: SourceReader): Promise<ReadonlyMap<string, string>> {
    this.#known ??= new Map(
      (
        await tx.rows(
          `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${FENCE_NAMES} ORDER BY rowid`,
        )
      ).map(([name, sql]) => [String(name), String(sql)]),
    );
    return this.#known;
  }
}

interface Creating extends Slice {
  readonly triggers: readonly FenceTrigger[];
  readonly present: ReadonlyMap<string, string>;
}

async function createSome(tx: SourceWriter, { from, present, triggers, until }: Creating): Promise<number> {
  let next = from;
  for (const { name, sql } of triggers.slice(from)) {
    const found = present.get(name);
    if (found !== undefined && found !== sql) await tx.run(`DROP TRIGGER ${sqliteName(name)}`);
    if (found !== sql) await tx.run(sql);
    next++;
    if (performance.now() > until) break;
  }
  return next;
}

/** Triggers first: a write of the application would fail on one whose table is gone. */
async function dropSome(tx: SourceWriter, triggers: readonly string[], { from, until }: Slice): Promise<SliceDone> {
  let next = from;
  for (const name of triggers.slice(from)) {
    await tx.run(`DROP TRIGGER IF EXISTS ${sqliteName(name)}`);
    next++;
    if (performance.now() > until) return { next, isLast: false };
  }
  for (const table of [FENCE_TABLE, CHANGES_TABLE]) await tx.run(`DROP TABLE IF EXISTS ${sqliteName(table)}`);
  return { next, isLast: true };
}

async function hasTable(tx: SourceReader, name: string): Promise<boolean> {
  const found = await tx.rows(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${sqliteString(name)}`);
  return found.length > 0;
}
