import { RefusedError } from "../errors.ts";
import { COMMIT_TABLE, PREFIX, RUN_TABLE } from "../model/change-log.ts";
import { sqliteName } from "../quote.ts";
import { rolledBack } from "../source/rolled-back.ts";
import type { Source, SourceReader, SourceWriter } from "../source/source.ts";
import { createSourceTriggers, dropSourceTriggers } from "../source/triggers/source-triggers.ts";
import { sql } from "../sql.ts";
import { logWidth, renderLogTable } from "./recapture.ts";
import { type CapturedTable, renderCaptureTriggers } from "./render-triggers.ts";
import { readSchemaState, type SchemaState } from "./schema-state.ts";

export interface InstallOptions {
  /** The capturing run; the source records it, so that no second run interferes. */
  readonly run: string;
  /** Location of the target, for messages. */
  readonly target: string;
  readonly tables: readonly CapturedTable[];
}

/**
 * Installs capture in short write transactions, or completes it if it belongs to this run. A kill in between leaves
 * some tables captured, which costs their writes a log entry and nothing else. Returns the schema afterwards, with
 * which drift checks compare.
 */
export async function installCapture(source: Source, options: InstallOptions): Promise<SchemaState> {
  await source.write(async (tx) => {
    const owner = await captureOwner(tx);
    if (owner !== null && owner.run !== options.run) throw sourceInUse(source.location, owner);
    if (owner === null) await createTables(tx, options, source.kind);
  });
  // Triggers created last fire first: an application's AFTER trigger with RAISE(IGNORE) would skip older ones.
  await createSourceTriggers(source, options.tables.flatMap(renderCaptureTriggers));
  // Its commit waits for the disk, and so for those before it: rows are copied on the word that changes are logged.
  await source.write(async () => {});
  return source.read(readSchemaState);
}

export interface CaptureOwner {
  readonly run: string;
  readonly target: string;
}

/** The run that captures this source, or null. */
export async function captureOwner(tx: SourceReader): Promise<CaptureOwner | null> {
  const [exists] = await tx.rows(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '${RUN_TABLE}'`);
  if (exists === undefined) return null;
  const [row] = await tx.rows(`SELECT run, target FROM ${sqliteName(RUN_TABLE)}`);
  return row === undefined ? null : { run: String(row[0]), target: String(row[1]) };
}

/**
 * Removes all objects of changeover from the source, in short write transactions. Triggers go first, since the
 * application's writes would fail on triggers without their log. Objects whose name begins with `keep` stay. Returns
 * the names of the removed ones.
 */
export async function removeCapture(source: Source, options: { readonly keep?: string } = {}): Promise<string[]> {
  const objects = (await source.read((tx) => tx.rows(sql("source/captured-objects"))))
    .map(([type, name]) => ({ type: String(type), name: String(name) }))
    .filter(({ name }) => options.keep === undefined || !name.startsWith(options.keep));
  const namesOf = (wanted: string) => objects.filter(({ type }) => type === wanted).map(({ name }) => name);
  const tables = namesOf("table");
  await dropSourceTriggers(source, namesOf("trigger"));
  if (tables.length > 0)
    await source.write(async (tx) => {
      for (const name of tables) await tx.run(`DROP TABLE IF EXISTS ${sqliteName(name)}`);
    });
  return objects.map(({ name }) => name);
}

/** Writes to the source and rolls back: only this reveals a read-only file or directory. */
export async function probeWrite(source: Source): Promise<void> {
  await rolledBack(source, (tx) => tx.run(`CREATE TABLE ${sqliteName(`${PREFIX}probe`)}(x)`));
}

export function sourceInUse(location: string, owner: CaptureOwner): RefusedError {
  return new RefusedError({
    code: "SOURCE_IN_USE",
    message: `${location} already belongs to a run, whose target is ${owner.target}`,
    hint:
      "continue with that --target, or end that run: `changeover rollback` undoes it, `changeover clean` removes " +
      "only its capture from the source",
    context: { location, ...owner },
  });
}

async function createTables(tx: SourceWriter, options: InstallOptions, kind: Source["kind"]): Promise<void> {
  await tx.run(`CREATE TABLE ${sqliteName(RUN_TABLE)}(run TEXT, target TEXT, installed_at TEXT)`);
  // At once with all its columns: ALTER TABLE reads the whole schema, which takes long with many tables.
  await tx.run(renderLogTable(logWidth(options.tables)));
  await tx.run(`INSERT INTO ${sqliteName(RUN_TABLE)} VALUES(?, ?, datetime('now'))`, [options.run, options.target]);
  if (kind === "file") return;
  await tx.run(`CREATE TABLE ${sqliteName(COMMIT_TABLE)}(mark TEXT)`);
  await tx.run(`INSERT INTO ${sqliteName(COMMIT_TABLE)} VALUES('')`);
}
