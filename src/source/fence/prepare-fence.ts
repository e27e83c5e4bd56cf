import { FENCE_TABLE } from "../../model/change-log.ts";
import { sqliteName, sqliteString } from "../../quote.ts";
import { readSchemaVersion } from "../schema-version.ts";
import type { Source, SourceReader, SourceWriter } from "../source.ts";
import type { SliceOptions } from "../triggers/schema-slices.ts";
import { createSourceTriggers, dropSourceTriggers, trySourceTriggers } from "../triggers/source-triggers.ts";
import {
  CHANGES_TABLE,
  FENCE_NAMES,
  type FencedTables,
  renderFenceTables,
  renderFenceTriggers,
} from "./source-fence-triggers.ts";

export interface FenceSlices extends Pick<SliceOptions, "between"> {
  /** By how much one transaction has moved the source's count of schema changes. */
  readonly onSchemaChange: (by: number) => void;
}

export interface PreparedFence {
  /** How many triggers stand, asleep. */
  readonly triggers: number;
  /** SQLite's count of schema changes when they stood there. */
  readonly schemaVersion: number;
}

/**
 * Puts the fence's sleeping triggers in place, in transactions so short that no writer of the application waits
 * noticeably. None of that is downtime. Safe to run again.
 */
export async function prepareFence(source: Source, options: FencedTables & FenceSlices): Promise<PreparedFence> {
  const triggers = renderFenceTriggers(options);
  await changeTables(source, renderFenceTables(), options);
  await options.between?.();
  await createSourceTriggers(source, triggers, { ...options, alongside: noteChange });
  return source.read(async (tx) => ({ triggers: triggers.length, schemaVersion: await readSchemaVersion(tx) }));
}

/** Removes what `prepareFence` has put there, in short transactions too. The fence must be down. */
export async function dismantleFence(source: Source, options: FenceSlices): Promise<void> {
  // Triggers first: a write of the application would fail on one whose table is gone.
  await dropSourceTriggers(source, await source.read(fenceTriggers), { ...options, alongside: noteChange });
  const tables = [FENCE_TABLE, CHANGES_TABLE].map((table) => `DROP TABLE IF EXISTS ${sqliteName(table)}`);
  await changeTables(source, tables, options);
}

/** Whether the fence's triggers can be made: SQLite parses and checks each. */
export async function tryFence(source: Source, tables: FencedTables): Promise<void> {
  await trySourceTriggers(source, renderFenceTriggers(tables));
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

/** Notes, in the same transaction, how far it moves SQLite's count of schema changes. */
async function noteChange(tx: SourceWriter, by: number): Promise<void> {
  await tx.run(`INSERT INTO ${sqliteName(CHANGES_TABLE)} VALUES(${by})`);
}

async function changeTables(source: Source, statements: readonly string[], options: FenceSlices): Promise<void> {
  const by = await source.write(
    async (tx) => {
      const before = await readSchemaVersion(tx);
      for (const statement of statements) await tx.run(statement);
      const moved = (await readSchemaVersion(tx)) - before;
      if (moved !== 0 && (await hasTable(tx, CHANGES_TABLE))) await noteChange(tx, moved);
      return moved;
    },
    { durable: false },
  );
  options.onSchemaChange(by);
}

async function fenceTriggers(tx: SourceReader): Promise<string[]> {
  const rows = await tx.rows(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${FENCE_NAMES}`);
  return rows.map(([name]) => String(name));
}

async function hasTable(tx: SourceReader, name: string): Promise<boolean> {
  const found = await tx.rows(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${sqliteString(name)}`);
  return found.length > 0;
}
