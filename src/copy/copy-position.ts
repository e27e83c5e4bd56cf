import type { Source } from "../db/source.ts";
import { restartTable } from "../db/run-store.ts";
import type { TargetSession } from "../db/target.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { TableState } from "../model/run.ts";
import { pgTable } from "../quote.ts";

/** Where a table's copy is, and how that is saved. */
export interface CopyPosition {
  /** Null at the table's beginning. */
  readonly start: Tuple | null;
  /** Rows that were copied and are to be copied again. */
  readonly dropped: number;
  saved(place: Tuple | null): Tuple | null;
}

export interface PositionOptions {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  /** The rows are read by their rowids. */
  readonly byRowid: boolean;
}

/**
 * From where a copy goes on. VACUUM gives the rows of a table other rowids, and counts as a change of the schema: a place in the old order says
 * nothing then, and the table is copied anew.
 */
export async function copyPosition(source: Source, session: TargetSession, { run, mapping, state, byRowid }: PositionOptions): Promise<CopyPosition> {
  if (!byRowid) return { start: state.position, dropped: 0, saved: (place) => place };
  const [row] = await source.read((tx) => tx.rows("PRAGMA schema_version"));
  const version = { type: "integer", value: String(row?.[0]) } as const;
  const saved = (place: Tuple | null) => (place === null ? null : [...place, version]);
  const known = state.position?.at(-1);
  if (state.position === null || (known?.type === "integer" && known.value === version.value)) return { start: state.position?.slice(0, -1) ?? null, dropped: 0, saved };
  await session.transaction(async (tx) => {
    await tx.run(`delete from ${pgTable(mapping.target)}`);
    await restartTable(tx, run, mapping);
  });
  return { start: null, dropped: state.copied, saved };
}
