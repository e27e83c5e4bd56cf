import type { Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import type { TableState } from "../model/run.ts";
import { pgTable } from "../quote.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { Source } from "../source/source.ts";
import { stateOf } from "../target/state-schema.ts";
import { restartTable } from "../target/store/table-store.ts";
import type { TargetSession } from "../target/target.ts";

/** Where a table's copy is, in which order its rows come, and how that is saved. */
export interface CopyPosition {
  readonly order: readonly KeyColumn[];
  /** Null at the table's beginning. */
  readonly start: Tuple | null;
  /** Rows that were copied and are to be copied again. */
  readonly dropped: number;
  /**
   * The source's schema version, with which places by rowid end: VACUUM gives rows other rowids, and moves it. Null in
   * the key's order.
   */
  readonly version: number | null;
  saved(place: Tuple | null): Tuple | null;
}

export interface PositionOptions {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  readonly isAtRest: boolean;
}

/** No key ends with it. */
const BY_ROWID = { type: "null" } as const;

/**
 * From where a copy goes on. A table is read as its rows lie, since a text key leads from row to row at random: that
 * takes twice the time, and far more where the file is larger than memory. Once VACUUM has moved the rows, the table is
 * copied again; alongside an application by its key, as it may run VACUUM again.
 */
export async function copyPosition(
  source: Source,
  session: TargetSession,
  { run, mapping, state, isAtRest }: PositionOptions,
): Promise<CopyPosition> {
  const byRowid = mapping.rowidName !== undefined && (isAtRest || mapping.quarantine !== true);
  const [place, known, ending] = state.position ?? [];
  const wasByRowid = state.position?.length === 3 && ending?.type === "null";
  if (!byRowid || (state.position !== null && !wasByRowid))
    return inKeyOrder(mapping, { start: state.position, dropped: 0 });
  const version = await source.read(readSchemaVersion);
  const isSame = known?.type === "integer" && known.value === String(version);
  if (state.position !== null && !isSame && !isAtRest) return copyFromStart(session, { run, mapping });
  const dropped = state.position === null || isSame ? 0 : (await empty(session, { run, mapping })).dropped;
  return {
    order: readingOrder(mapping, { isAtRest: true }),
    start: isSame && place !== undefined ? [place] : null,
    dropped,
    version,
    saved: (reached) => (reached === null ? null : [...reached, { type: "integer", value: String(version) }, BY_ROWID]),
  };
}

/** From the beginning, in an order that nothing changes. */
export async function copyFromStart(
  session: TargetSession,
  of: Pick<PositionOptions, "run" | "mapping">,
): Promise<CopyPosition> {
  return inKeyOrder(of.mapping, { start: null, ...(await empty(session, of)) });
}

function inKeyOrder(mapping: TableMapping, from: Pick<CopyPosition, "start" | "dropped">): CopyPosition {
  return { ...from, order: keyColumns(mapping), version: null, saved: (place) => place };
}

async function empty(
  session: TargetSession,
  { run, mapping }: Pick<PositionOptions, "run" | "mapping">,
): Promise<{ readonly dropped: number }> {
  return session.transaction(async (tx) => {
    const [was] = await tx.rows<{ copied: string }>(
      `select copied::text as copied from ${stateOf(tx)}.table_state where run = $1 and id = $2`,
      [run, mapping.id],
    );
    await tx.run(`delete from ${pgTable(mapping.target)}`);
    await restartTable(tx, run, mapping);
    return { dropped: Number(was?.copied ?? 0) };
  });
}
