import { RefusedError } from "../../errors.ts";
import { pgName, pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import type { TargetTransaction } from "../../target/target.ts";
import { rowsOf } from "./holdings.ts";
import type { ColumnsBackup } from "./manifest.ts";
import { renderCopyIn } from "./render-copy.ts";
import type { RestoredTable } from "./restore-backup.ts";

const STAGE = "changeover_restored";

/** Restores column values in their rows, found by key. */
export async function restoreColumns(
  tx: TargetTransaction,
  backup: ColumnsBackup,
  options: { readonly load: (copy: string, file: string) => Promise<void>; readonly partial: boolean },
): Promise<RestoredTable> {
  const staged = [...backup.key, ...backup.columns];
  await tx.run(renderStage(backup));
  await options.load(renderCopyIn(STAGE, staged), backup.file);
  const [result] = await tx.rows<{ staged: string; updated: string }>(renderUpdate(backup));
  await tx.run(`drop table ${STAGE}`);
  if (Number(result?.staged) !== backup.rows)
    throw new RangeError(`${backup.rows} rows of ${backup.name} were staged, but the table has ${result?.staged}`);
  const gone = backup.rows - Number(result?.updated);
  if (gone > 0 && !options.partial) throw rowsMissing(backup, gone);
  return { table: backup.name, rows: Number(result?.updated), columns: backup.columns.map(({ name }) => name), gone };
}

/**
 * Runs `work` with GENERATED ALWAYS AS IDENTITY columns changed to BY DEFAULT: COPY may write to them, but an UPDATE
 * may not.
 */
export async function withOpenIdentities<T>(
  tx: TargetTransaction,
  backups: readonly ColumnsBackup[],
  work: () => Promise<T>,
): Promise<T> {
  const open: string[] = [];
  for (const backup of backups) {
    const present = await tx.rows<{ name: string; alwaysIdentity: boolean }>(sql("target/restorable"), [
      pgTable(backup),
    ]);
    for (const { name, alwaysIdentity } of present)
      if (alwaysIdentity && backup.columns.some((column) => column.name === name))
        open.push(`alter table ${pgTable(backup)} alter column ${pgName(name)} set generated`);
  }
  for (const statement of open) await tx.run(`${statement} by default`);
  const result = await work();
  for (const statement of open) await tx.run(`${statement} always`);
  return result;
}

/** With the types of the columns, but without their constraints. */
export function renderStage(backup: ColumnsBackup): string {
  const names = [...backup.key, ...backup.columns].map(({ name }) => pgName(name)).join(", ");
  return `create temporary table ${STAGE} on commit drop as select ${names} from ${rowsOf(backup)} limit 0`;
}

export function renderUpdate(backup: ColumnsBackup): string {
  const set = backup.columns.map(({ name }) => `${pgName(name)} = s.${pgName(name)}`).join(", ");
  const same = backup.key.map(({ name }) => `t.${pgName(name)} = s.${pgName(name)}`).join(" and ");
  return `with updated as (update ${rowsOf(backup)} as t set ${set} from ${STAGE} s where ${same} returning 1)
select (select count(*) from ${STAGE})::text as staged, (select count(*) from updated)::text as updated`;
}

function rowsMissing({ name }: ColumnsBackup, gone: number): RefusedError {
  const rows = gone.toLocaleString("en-US");
  return new RefusedError({
    code: "RESTORE_ROWS_GONE",
    message: `${rows} rows of table ${name} in the backup no longer exist. Nothing was restored`,
    hint: "give --partial to restore the values of the existing rows",
    context: { table: name, gone },
  });
}
