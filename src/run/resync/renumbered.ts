import { readSchemaState } from "../../capture/schema-state.ts";
import { LOG_TABLE } from "../../model/change-log.ts";
import { ROWID_COLUMN, type TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import { pgName, pgTable, sqliteName } from "../../quote.ts";
import { lastLogged } from "../../rows/log-entries.ts";
import type { Source, SourceReader } from "../../source/source.ts";
import { stateOf } from "../../target/state-schema.ts";
import type { TargetSession } from "../../target/target.ts";

/** Lowest and highest rowid, as text; null of an empty table. */
type Span = readonly [lowest: string | null, highest: string | null];

/**
 * Which of the tables without a key VACUUM may have renumbered, and the schema as it was looked at. VACUUM numbers rows
 * from 1 without gaps: where lowest and highest number are as before, all in between are. That holds only for a table
 * of which nothing is logged since the watermark; of others it is not known.
 */
export async function renumberedTables(
  source: Source,
  session: TargetSession,
  run: Run,
): Promise<{ readonly tables: string[]; readonly version: number; readonly rest: string }> {
  const keyless = run.mappings.filter(({ identity }) => identity.kind === "rowid");
  const { watermark, spans } = await session.transaction((tx) => keylessOnTarget(tx, run, keyless), {
    isolation: "repeatable read",
  });
  return source.read(async (tx) => {
    const tables: string[] = [];
    const last = await lastLogged(tx);
    for (const [index, mapping] of keyless.entries()) {
      const logged = await tx.rows(
        `SELECT 1 FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ? AND tbl = ${mapping.id} LIMIT 1`,
        [watermark, last],
      );
      const [lowest, highest] = await rowidSpan(tx, mapping);
      const [wasLowest, wasHighest] = spans[index] ?? [null, null];
      if (logged.length > 0 || lowest !== wasLowest || highest !== wasHighest) tables.push(mapping.source);
    }
    const { version, rest } = await readSchemaState(tx);
    return { tables, version, rest };
  });
}

async function keylessOnTarget(
  tx: Pick<TargetSession, "rows" | "stateSchema">,
  run: Run,
  keyless: readonly TableMapping[],
): Promise<{ watermark: bigint; spans: Span[] }> {
  const [row] = await tx.rows<{ watermark: string }>(`select watermark::text from ${stateOf(tx)}.run where id = $1`, [
    run.id,
  ]);
  const spans: Span[] = [];
  for (const { target } of keyless) {
    const [span] = await tx.rows<{ lowest: string | null; highest: string | null }>(
      `select min(${pgName(ROWID_COLUMN)})::text as lowest, max(${pgName(ROWID_COLUMN)})::text as ` +
        `highest from ${pgTable(target)}`,
    );
    spans.push([span?.lowest ?? null, span?.highest ?? null]);
  }
  return { watermark: BigInt(row?.watermark ?? 0), spans };
}

async function rowidSpan(tx: SourceReader, { source, identity }: TableMapping): Promise<Span> {
  const rowid = sqliteName(identity.kind === "rowid" ? identity.rowidName : "");
  const table = sqliteName(source);
  const [row] = await tx.rows(`SELECT (SELECT min(${rowid}) FROM ${table}), (SELECT max(${rowid}) FROM ${table})`);
  const text = (value: unknown) => (value == null ? null : String(value));
  return [text(row?.[0]), text(row?.[1])];
}
