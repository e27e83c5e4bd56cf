import { RefusedError } from "../errors.ts";
import { PREFIX, RUN_TABLE } from "../model/change-log.ts";
import { sqliteName } from "../quote.ts";
import { rolledBack } from "../source/rolled-back.ts";
import type { Source, SourceReader, SourceWriter } from "../source/source.ts";
import { sql } from "../sql.ts";
import { recapture } from "./recapture.ts";
import type { CapturedTable } from "./render-triggers.ts";
import { readSchemaState, type SchemaState } from "./schema-state.ts";

export interface InstallOptions {
  /** The capturing run; the source records it, so that no second run interferes. */
  readonly run: string;
  /** Location of the target, for messages. */
  readonly target: string;
  readonly tables: readonly CapturedTable[];
}

/**
 * Installs capture in one write transaction, or keeps it if it belongs to this run. Returns the schema afterwards, with
 * which drift checks compare.
 */
export async function installCapture(source: Source, options: InstallOptions): Promise<SchemaState> {
  return source.write(async (tx) => {
    const owner = await captureOwner(tx);
    if (owner !== null && owner.run !== options.run) throw sourceInUse(source.location, owner);
    if (owner === null) await install(tx, options);
    return readSchemaState(tx);
  });
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
 * Removes all objects of changeover from the source. Triggers go first, since the application's writes would fail on
 * triggers without their log. Objects whose name begins with `keep` stay. Returns the names of the removed ones.
 */
export async function removeCapture(source: Source, options: { readonly keep?: string } = {}): Promise<string[]> {
  return source.write(async (tx) => {
    const removed: string[] = [];
    for (const [type, name] of await tx.rows(sql("source/captured-objects"))) {
      if (options.keep !== undefined && String(name).startsWith(options.keep)) continue;
      await tx.run(`DROP ${type === "trigger" ? "TRIGGER" : "TABLE"} ${sqliteName(String(name))}`);
      removed.push(String(name));
    }
    return removed;
  });
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

async function install(tx: SourceWriter, options: InstallOptions): Promise<void> {
  for (const statement of sql("source/capture-tables")
    .split(";")
    .filter((text) => text.trim() !== ""))
    await tx.run(statement);
  await tx.run(`INSERT INTO ${sqliteName(RUN_TABLE)} VALUES(?, ?, datetime('now'))`, [options.run, options.target]);
  // Triggers created last fire first: an application's AFTER trigger with RAISE(IGNORE) would skip older ones.
  await recapture(tx, [], options.tables);
}
