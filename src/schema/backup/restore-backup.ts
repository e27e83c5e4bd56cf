import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { messageOf, RefusedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import { pgTable } from "../../quote.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import { sqlState } from "../../target/target-error.ts";
import { rowsOf } from "./holdings.ts";
import { type Manifest, readManifest, type TableBackup } from "./manifest.ts";
import { refuseSchemaMismatch } from "./refuse-schema-mismatch.ts";
import { renderCopyIn } from "./render-copy.ts";
import { restoreColumns, withOpenIdentities } from "./restore-columns.ts";
import { restoreSequences } from "./restore-sequences.ts";
import { pathOf, verifyFiles } from "./verify-files.ts";
import { withoutTriggers } from "./without-triggers.ts";

export interface RestoreOptions {
  /** Add rows to tables that are not empty, and overwrite columns that hold more than one value. */
  readonly intoFilled?: boolean;
  /** Skip column values whose rows no longer exist. */
  readonly partial?: boolean;
}

export interface RestoreResult {
  readonly madeAt: string;
  readonly tables: readonly RestoredTable[];
  readonly rows: number;
}

export interface RestoredTable {
  readonly table: string;
  readonly rows: number;
  /** Null if full rows were restored. */
  readonly columns: readonly string[] | null;
  /** Rows of the backup that no longer exist, whose column values were skipped. */
  readonly gone: number;
}

/** The tables of a backup. */
export function tablesOf({ tables, columns }: Manifest): { readonly schema: string; readonly name: string }[] {
  const all = [...tables, ...columns].map(({ schema, name }) => ({ schema, name }));
  return all.filter((table, at) => all.findIndex((other) => pgTable(other) === pgTable(table)) === at);
}

/** Restores a backup in one transaction: if anything fails, nothing changes. */
export async function restoreBackup(
  session: TargetSession,
  directory: string,
  options: RestoreOptions & { readonly report: Report },
): Promise<RestoreResult> {
  const manifest = await readManifest(directory);
  options.report({ kind: "step", message: `comparing the files of ${directory} with their checksums` });
  await verifyFiles(directory, manifest);
  const tables = tablesOf(manifest);
  return session.transaction(async (tx) => {
    await refuseSchemaMismatch(tx, manifest, options.intoFilled === true);
    await tx.rows("select set_config('lc_monetary', $1, true)", [manifest.monetary]);
    const restored = await withOpenIdentities(tx, manifest.columns, () =>
      withoutTriggers(tx, tables, () => restoreEach(tx, directory, manifest, options)),
    ).catch((error: unknown) => {
      throw rejectedByTarget(error);
    });
    await restoreSequences(tx, manifest.sequences);
    return { madeAt: manifest.madeAt, tables: restored, rows: restored.reduce((sum, { rows }) => sum + rows, 0) };
  });
}

async function restoreEach(
  tx: TargetTransaction,
  directory: string,
  { tables, columns }: Manifest,
  options: RestoreOptions & { readonly report: Report },
): Promise<RestoredTable[]> {
  const done: RestoredTable[] = [];
  for (const table of tables) {
    options.report({
      kind: "step",
      message: `restoring ${table.name}: ${table.rows.toLocaleString("en-US")} ${table.rows === 1 ? "row" : "rows"}`,
    });
    done.push(await restoreTable(tx, directory, table));
  }
  for (const backup of columns) {
    options.report({
      kind: "step",
      message: `restoring ${backup.columns.map(({ name }) => name).join(", ")} of ${backup.name}`,
    });
    done.push(
      await restoreColumns(tx, backup, {
        load: (statement, file) => load(tx, directory, statement, file),
        partial: options.partial === true,
      }),
    );
  }
  return done;
}

async function restoreTable(tx: TargetTransaction, directory: string, table: TableBackup): Promise<RestoredTable> {
  const before = await count(tx, table);
  await load(tx, directory, renderCopyIn(pgTable(table), table.columns), table.file);
  const inserted = (await count(tx, table)) - before;
  if (inserted !== BigInt(table.rows)) throw miscounted(table.name, table.rows, Number(inserted));
  return { table: table.name, rows: table.rows, columns: null, gone: 0 };
}

async function count(tx: TargetTransaction, table: TableBackup): Promise<bigint> {
  const [row] = await tx.rows<{ n: string }>(`select count(*)::text as n from ${rowsOf(table)}`);
  return BigInt(row?.n ?? 0);
}

async function load(tx: TargetTransaction, directory: string, statement: string, file: string): Promise<void> {
  const copy = await tx.copyIn(statement);
  try {
    await pipeline(createReadStream(pathOf(directory, file)), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await copy.write(chunk);
    });
  } catch (error) {
    await copy.abort();
    throw error;
  }
  await copy.finish();
}

function miscounted(table: string, wanted: number, inserted: number): RefusedError {
  return new RefusedError({
    code: "RESTORE_MISCOUNTED",
    message:
      `${wanted} rows of the backup were inserted into ${table}, but it has ${inserted} of them. Nothing was ` +
      "restored",
    hint: "a rule or a policy of the table may reject rows: drop it for the restore",
    context: { table },
  });
}

/** Explains violated constraints, and types that no longer accept a value. */
function rejectedByTarget(error: unknown): unknown {
  const state = sqlState(error);
  if (state === undefined || !/^(22|23|42)/.test(state)) return error;
  return new RefusedError({
    code: "RESTORE_REFUSED_BY_TARGET",
    message: `the tables reject rows of the backup: ${messageOf(error)}. Nothing was restored`,
    hint:
      "the tables must have the schema of the time of the backup: run `changeover up` up to that point, restore, " +
      "and then apply the rest. Rows added since may have the same keys as restored ones",
    context: { sqlState: state },
    cause: error,
  });
}
