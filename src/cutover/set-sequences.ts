import type { TableMapping } from "../model/mapping.ts";
import { pgName, pgString, pgTable } from "../quote.ts";
import { changedTables } from "../rows/log-entries.ts";
import type { Source } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import { sql } from "../sql.ts";
import type { TargetTransaction } from "../target/target.ts";

/**
 * The source's AUTOINCREMENT counters by table: ids up to these were given out, whether or not their rows still stand.
 */
export async function autoincrementCounters(source: Source): Promise<Map<string, bigint>> {
  return source.read(async (tx) => {
    const [exists] = await tx.rows("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'");
    if (exists === undefined) return new Map();
    const encoding = await readEncoding(tx);
    const rows = await tx.rows("SELECT CAST(name AS BLOB), seq FROM sqlite_sequence WHERE typeof(seq) = 'integer'");
    return new Map(rows.map(([name, seq]) => [decodeText(name, encoding), seq as bigint]));
  });
}

/** Sets each sequence of the target so that its next value was never given out by the source. */
export async function setSequences(
  tx: TargetTransaction,
  mappings: readonly TableMapping[],
  counters: ReadonlyMap<string, bigint>,
): Promise<readonly SerialColumn[]> {
  const columns = await readSerialColumns(tx, mappings);
  const statements = renderSequences(columns, mappings, counters);
  // In one message: with a thousand tables, waiting for each answer would be most of the time.
  if (statements.length > 0) await tx.run(statements.join(";\n"));
  return columns;
}

/** The statements that set them, of known columns. */
export function renderSequences(
  columns: readonly SerialColumn[],
  mappings: readonly TableMapping[],
  counters: ReadonlyMap<string, bigint>,
): string[] {
  return sequencesOf(columns, mappings, counters).map(({ sequence, used }) => {
    const name = pgString(sequence);
    // setval(…, 1, false) is a sequence that has given out nothing: max() of an empty table is NULL, and ids may be
    // negative.
    return (
      `select case when used > 0 then setval(${name}, used, true) else setval(${name}, 1, false) end ` +
      `from (${used}) as most`
    );
  });
}

/** How the sequences were set before the fence. */
export interface PresetSequences {
  readonly counters: ReadonlyMap<string, bigint>;
  readonly columns: readonly SerialColumn[];
  /** The target held everything up to this `seq` then. */
  readonly watermark: bigint;
}

/**
 * Of the tables, those whose sequences may have to stand elsewhere than when they were set: rows or counters changed
 * since.
 */
export async function changedSince(
  source: Source,
  {
    before,
    last,
    mappings,
  }: { readonly before: PresetSequences; readonly last: bigint; readonly mappings: readonly TableMapping[] },
  counters: ReadonlyMap<string, bigint>,
): Promise<TableMapping[]> {
  const changed = await changedTables(source, before.watermark, last);
  return mappings.filter(
    (mapping) => changed.has(mapping.id) || before.counters.get(mapping.source) !== counters.get(mapping.source),
  );
}

/** What setting them would read: sequences are set outside of transactions, so a rehearsal only looks. */
export async function readSequences(
  tx: TargetTransaction,
  mappings: readonly TableMapping[],
  counters: ReadonlyMap<string, bigint>,
): Promise<void> {
  const reads = sequencesOf(await readSerialColumns(tx, mappings), mappings, counters).map(({ used }) => used);
  if (reads.length > 0) await tx.run(reads.join(";\n"));
}

/** A column of the target with a sequence. */
export interface SerialColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly sequence: string;
  /** The column's own, which nothing else draws from. */
  readonly own: boolean;
}

function readSerialColumns(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<SerialColumn[]> {
  return tx.rows<SerialColumn>(sql("target/serial-columns"), [mappings.map(({ target }) => pgTable(target))]);
}

interface Sequence {
  readonly sequence: string;
  /** SELECT of the highest value given out, as `used`. */
  readonly used: string;
}

function sequencesOf(
  columns: readonly SerialColumn[],
  mappings: readonly TableMapping[],
  counters: ReadonlyMap<string, bigint>,
): Sequence[] {
  const byName = new Map(mappings.map((mapping) => [pgTable(mapping.target), mapping]));
  const drawn = new Map<string, { readonly own: boolean; readonly used: string }[]>();
  for (const column of columns) {
    const mapping = byName.get(pgTable({ schema: column.schema, name: column.table }));
    if (mapping === undefined) continue;
    const user = { own: column.own, used: usedOf(column, counters.get(mapping.source) ?? 0n) };
    drawn.set(column.sequence, [...(drawn.get(column.sequence) ?? []), user]);
  }
  return [...drawn].map(([sequence, users]) => {
    const used = users.map((user) => user.used).join(" union all ");
    if (users.every(({ own }) => own)) return { sequence, used };
    // Others may draw from it, which are not among the tables: it only goes forward.
    const last = `pg_sequence_last_value(${pgString(sequence)}::regclass)`;
    return { sequence, used: `select greatest(max(used), ${last}) as used from (${used}) as each` };
  });
}

function usedOf({ column, schema, table }: SerialColumn, given: bigint): string {
  const id = pgName(column);
  // Behind the last rowid that there can be SQLite takes any free one; a sequence would be at its end.
  return (
    `select greatest(max(${id}) filter (where ${id} < 9223372036854775807), ${given}) as used from ` +
    pgTable({ schema, name: table })
  );
}
