import { setTimeout as delay } from "node:timers/promises";
import { rolledBack } from "../db/rolled-back.ts";
import { readSchemaVersion } from "../db/schema-version.ts";
import type { Source, SourceReader, SourceWriter } from "../db/source.ts";
import { FENCE_TABLE } from "../model/change-log.ts";
import { sqliteName, sqliteString } from "../quote.ts";
import {
  CHANGES_TABLE,
  FENCE_NAMES,
  type FencedTables,
  type FenceTrigger,
  renderFenceTables,
  renderFenceTriggers,
} from "./fence-triggers.ts";

// A slice that is well under way is ended after this; one more trigger takes a few milliseconds where there are thousands.
const SLICE_MS = 20;
const BETWEEN_MS = 5;

export interface SliceOptions {
  /** Runs between two transactions, while the source's lock is free. */
  readonly between?: () => Promise<void>;
  /** By how much one transaction has moved the source's count of schema changes. */
  readonly onSchemaChange: (by: number) => void;
}

/**
 * Puts the fence's sleeping triggers in place, in transactions so short that no writer of the application waits noticeably: with a thousand
 * tables it takes seconds, and none of them is downtime. Safe to run again. Returns how many triggers stand.
 */
export async function prepareFence(source: Source, options: FencedTables & SliceOptions): Promise<number> {
  const triggers = renderFenceTriggers(options);
  for (let next = 0; ; ) {
    const slice = await source.write((tx) => counted(tx, (until) => createSome(tx, triggers.slice(next), until)), {
      durable: false,
    });
    options.onSchemaChange(slice.by);
    next += slice.done;
    if (next >= triggers.length) return triggers.length;
    await options.between?.();
    await delay(BETWEEN_MS);
  }
}

/** Removes what `prepareFence` has put there, in short transactions too. The fence must be down. */
export async function dismantleFence(source: Source, options: SliceOptions): Promise<void> {
  for (;;) {
    const slice = await source.write(async (tx) => counted(tx, (until) => dropSome(tx, until)), { durable: false });
    options.onSchemaChange(slice.by);
    if (slice.done === 0) return;
    await options.between?.();
    await delay(BETWEEN_MS);
  }
}

/** Whether the fence's triggers can be made: each is, and taken back. */
export async function tryFence(source: Source, tables: FencedTables): Promise<void> {
  const triggers = renderFenceTriggers(tables);
  for (let next = 0; next < triggers.length; ) {
    next += await rolledBack(source, (tx) => createSome(tx, triggers.slice(next), performance.now() + SLICE_MS));
    await delay(BETWEEN_MS);
  }
}

/** From here on only what follows is counted. */
export async function forgetChanges(tx: SourceWriter): Promise<void> {
  if (await hasTable(tx, CHANGES_TABLE)) await tx.run(`DELETE FROM ${sqliteName(CHANGES_TABLE)}`);
}

/** How often a preparation that was killed has changed the source's schema; 0 if there was none. */
export async function changesOfFence(tx: SourceReader): Promise<number> {
  if (!(await hasTable(tx, CHANGES_TABLE))) return 0;
  const [row] = await tx.rows(`SELECT sum(changes) FROM ${sqliteName(CHANGES_TABLE)}`);
  return Number(row?.[0] ?? 0n);
}

interface Slice {
  readonly done: number;
  readonly by: number;
}

/** Does a slice of work and notes, in the same transaction, how far it moved SQLite's count of schema changes. */
async function counted(tx: SourceWriter, work: (until: number) => Promise<number>): Promise<Slice> {
  const before = await readSchemaVersion(tx);
  const done = await work(performance.now() + SLICE_MS);
  const by = (await readSchemaVersion(tx)) - before;
  if (by !== 0 && (await hasTable(tx, CHANGES_TABLE)))
    await tx.run(`INSERT INTO ${sqliteName(CHANGES_TABLE)} VALUES(${by})`);
  return { done, by };
}

async function createSome(tx: SourceWriter, triggers: readonly FenceTrigger[], until: number): Promise<number> {
  for (const statement of renderFenceTables()) await tx.run(statement);
  const standing = new Map(
    (await tx.rows(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${FENCE_NAMES}`)).map(
      ([name, sql]) => [String(name), String(sql)],
    ),
  );
  let done = 0;
  for (const { name, sql } of triggers) {
    const found = standing.get(name);
    if (found !== undefined && found !== sql) await tx.run(`DROP TRIGGER ${sqliteName(name)}`);
    if (found !== sql) await tx.run(sql);
    done++;
    if (performance.now() > until) break;
  }
  return done;
}

/** Triggers first: a write of the application would fail on one whose table is gone. */
async function dropSome(tx: SourceWriter, until: number): Promise<number> {
  const triggers = await tx.rows(
    `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${FENCE_NAMES} ORDER BY rowid`,
  );
  let done = 0;
  for (const [name] of triggers) {
    await tx.run(`DROP TRIGGER ${sqliteName(String(name))}`);
    done++;
    if (performance.now() > until) return done;
  }
  for (const table of [FENCE_TABLE, CHANGES_TABLE]) await tx.run(`DROP TABLE IF EXISTS ${sqliteName(table)}`);
  return 0;
}

async function hasTable(tx: SourceReader, name: string): Promise<boolean> {
  const found = await tx.rows(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${sqliteString(name)}`);
  return found.length > 0;
}
