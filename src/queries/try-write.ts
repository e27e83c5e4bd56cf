import { messageOf } from "../errors.ts";
import type { SourceValue } from "../model/source-value.ts";
import { pgName, sqliteName } from "../quote.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { atOneWatermark, type Together } from "./at-one-watermark.ts";
import { compareRows, type RowDifference, type TargetValue } from "./compare-rows.ts";
import type { QueryTable } from "./query-tables.ts";
import { cellsOf, numberedNames, type QueryOutcome, timed, withValues } from "./run-query.ts";
import { copyInSource, copyInTarget } from "./scratch-copy.ts";
import type { QueryTrial, ReadToTry, Tried } from "./try-read.ts";

export interface WriteToTry extends Omit<ReadToTry, "maxRows"> {
  readonly table: QueryTable;
  readonly returns: boolean;
}

interface Written {
  readonly outcome: QueryOutcome<SourceValue>;
  readonly affected: number;
  readonly rows: readonly (readonly SourceValue[])[];
}

/**
 * Runs a statement that writes on temporary copies of its table, which hide the table in both databases and are rolled
 * back. What it returns, how many rows it wrote and what is in the table then are compared.
 */
export function tryWrite(write: WriteToTry): Promise<Together<Tried>> {
  return atOneWatermark(
    { ...write.both, readOnly: false },
    (tx) => writeInSource(tx, write),
    async (tx, source): Promise<Tried> => {
      await copyInTarget(tx, write.table);
      const trials: QueryTrial[] = [];
      for (const sql of write.postgres) {
        const trial = await writeInTarget(tx, sql, { source, write });
        trials.push(trial);
        if (trial.target.kind === "rows" && trial.difference === null) break;
      }
      return { source: source.outcome, trials, isCut: false };
    },
  );
}

async function writeInSource(tx: SourceReader, { parameters, sqlite, table }: WriteToTry): Promise<Written> {
  await copyInSource(tx, table);
  const name = sqliteName(table.source);
  const [scratch] = await tx.rows("SELECT 1 FROM sqlite_temp_schema WHERE name = ?", [table.source]);
  if (scratch === undefined) throw new RangeError(`the copy of ${table.source} is not there`);
  const started = performance.now();
  try {
    const returned = await tx.rows(sqlite, parameters);
    const durationMs = performance.now() - started;
    const [changes] = await tx.rows("SELECT changes()");
    const columns = table.columns.map(({ source }) => sqliteName(source)).join(", ");
    const rows = await tx.rows(`SELECT ${columns} FROM temp.${name}`);
    return { outcome: { kind: "rows", rows: returned, durationMs }, affected: Number(changes?.[0] ?? 0), rows };
  } catch (error) {
    const message = messageOf(error);
    if (/SQLITE_BUSY|SQLITE_LOCKED/.test(message)) throw error;
    return { outcome: { kind: "failed", message, sqlState: null }, affected: 0, rows: [] };
  }
}

async function writeInTarget(
  tx: TargetTransaction,
  sql: string,
  { source, write }: { readonly source: Written; readonly write: WriteToTry },
): Promise<QueryTrial> {
  let difference: RowDifference | null = null;
  const target = await timed<TargetValue>(tx, async () => {
    const result = await wrote(tx, sql, { source, write });
    difference = result.difference;
    return result.rows;
  });
  // The next text begins with the rows as they were.
  if (target.kind === "rows" && difference !== null) {
    await tx.run(`drop table pg_temp.${pgName(write.table.target.name)}`);
    await copyInTarget(tx, write.table);
  }
  return { target, difference };
}

async function wrote(
  tx: TargetTransaction,
  sql: string,
  { source, write }: { readonly source: Written; readonly write: WriteToTry },
): Promise<{ readonly rows: readonly TargetValue[][]; readonly difference: RowDifference | null }> {
  const { compare, parameters, returns, table } = write;
  const width = source.outcome.kind === "rows" ? (source.outcome.rows[0]?.length ?? 0) : 0;
  let returned: TargetValue[][];
  let affected: number;
  if (returns && width > 0) {
    const common = `with w(${numberedNames(width)}) as (${await withValues(tx, sql, parameters)}) `;
    returned = await cellsOf(tx, "w", width, common);
    affected = returned.length;
  } else {
    const all = await withValues(tx, returns ? sql : `${sql}\nreturning 1`, parameters);
    const [row] = await tx.rows<{ count: string }>(`with w as (${all}) select count(*)::text as count from w`);
    returned = [];
    affected = Number(row?.count ?? 0);
  }
  if (source.outcome.kind === "failed") return { rows: returned, difference: null };
  if (affected !== source.affected)
    return {
      rows: returned,
      difference: {
        row: 0,
        column: 0,
        message: `SQLite writes ${source.affected} rows, PostgreSQL ${affected}`,
        values: null,
      },
    };
  const given = compareRows({ source: source.outcome.rows, target: returned }, { ...compare, order: null });
  if (given !== null) return { rows: returned, difference: given };
  const columns = table.columns.map(({ name }) => pgName(name)).join(", ");
  const rows = await cellsOf(
    tx,
    `(select ${columns} from pg_temp.${pgName(table.target.name)}) as q(${numberedNames(table.columns.length)})`,
    table.columns.length,
  );
  const after = compareRows({ source: source.rows, target: rows }, { ...compare, order: null });
  return { rows: returned, difference: after === null ? null : { ...after, message: `afterwards: ${after.message}` } };
}
