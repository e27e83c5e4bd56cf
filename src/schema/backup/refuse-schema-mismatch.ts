import { RefusedError } from "../../errors.ts";
import { pgName, pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import type { TargetTransaction } from "../../target/target.ts";
import { rowsOf } from "./holdings.ts";
import type { BackupColumn, ColumnsBackup, Manifest, TableBackup } from "./manifest.ts";

interface Present {
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
}

/**
 * Locks the tables of a backup, and throws unless they have the same columns as then and, without `intoFilled`, are
 * empty.
 */
export async function refuseSchemaMismatch(
  tx: TargetTransaction,
  manifest: Manifest,
  intoFilled: boolean,
): Promise<void> {
  const problems: string[] = [];
  for (const table of manifest.tables) problems.push(...(await misfits(tx, table, table.columns)));
  for (const table of manifest.columns) {
    const isRestored = manifest.tables.some(({ schema, name }) => schema === table.schema && name === table.name);
    if (!isRestored) problems.push(...(await misfits(tx, table, [...table.key, ...table.columns])));
  }
  if (problems.length > 0) throw schemaMismatch(problems);
  await tx.run("set local lock_timeout = '10s'");
  for (const table of [...manifest.tables, ...manifest.columns])
    await tx.run(`lock table ${pgTable(table)} in access exclusive mode`);
  if (intoFilled) return;
  const filled: string[] = [];
  for (const table of manifest.tables)
    if (await holds(tx, `select from ${rowsOf(table)}`)) filled.push(`table ${table.name} holds rows`);
  for (const table of manifest.columns)
    for (const column of table.columns)
      if (await holds(tx, renderSecondValue(table, column)))
        filled.push(`column ${column.name} of ${table.name} holds different values`);
  if (filled.length > 0) throw notEmpty(filled);
}

async function misfits(
  tx: TargetTransaction,
  table: TableBackup | ColumnsBackup,
  columns: readonly BackupColumn[],
): Promise<string[]> {
  const present = await tx.rows<Present>(sql("target/restorable"), [pgTable(table)]);
  if (present.length === 0 && !(await isThere(tx, table))) return [`table ${table.name} does not exist`];
  return columns.flatMap(({ name, type }) => {
    const now = present.find((column) => column.name === name);
    if (now === undefined) return [`table ${table.name} has no column ${name}`];
    if (now.generated) return [`column ${name} of ${table.name} is generated now`];
    return now.type === type ? [] : [`column ${name} of ${table.name} is ${now.type}, and was ${type}`];
  });
}

/** A table may have no columns at all. */
async function isThere(tx: TargetTransaction, table: TableBackup | ColumnsBackup): Promise<boolean> {
  const [row] = await tx.rows<{ there: boolean }>("select to_regclass($1) is not null as there", [pgTable(table)]);
  return row?.there === true;
}

async function holds(tx: TargetTransaction, query: string): Promise<boolean> {
  const [row] = await tx.rows<{ held: boolean }>(`select exists (${query}) as held`);
  return row?.held === true;
}

/** A new column has one value in all rows, NULL or its default. Compared as text, since some types have no equality. */
export function renderSecondValue(table: ColumnsBackup, column: BackupColumn): string {
  const [rows, value] = [rowsOf(table), `${pgName(column.name)}::text`];
  return `select from ${rows} where ${value} is distinct from (select ${value} from ${rows} limit 1)`;
}

function schemaMismatch(problems: readonly string[]): RefusedError {
  return new RefusedError({
    code: "RESTORE_SCHEMA_MISMATCH",
    message: `the backup does not fit: ${problems.join("; ")}. Nothing was restored`,
    hint:
      "apply the migrations that created these tables again: `changeover migrations` lists them, `changeover up` " +
      "applies the next ones",
    context: { problems },
  });
}

function notEmpty(filled: readonly string[]): RefusedError {
  return new RefusedError({
    code: "RESTORE_NOT_EMPTY",
    message: `${filled.join("; ")}. Nothing was restored`,
    hint: "to restore anyway, give --into-filled: rows are added to the existing ones, and column values are replaced",
    context: { filled },
  });
}
