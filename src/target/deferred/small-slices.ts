import { tableBytes } from "../table-bytes.ts";
import type { TargetReader } from "../target.ts";
import type { ObjectsOfTable } from "./objects-by-table.ts";

/** An index of such a table is built in less time than a transaction takes. */
const FEW_BYTES = 64 << 10;
const FEWEST_TABLES = 8;
/** A kill costs one slice, and the server's locks are enough for several: each index takes one, too. */
const TABLES_AT_ONCE = 32;

export interface SmallSlices {
  readonly large: readonly ObjectsOfTable[];
  /** Tables of a few rows, whose objects share a transaction. */
  readonly slices: readonly (readonly ObjectsOfTable[])[];
}

/** Where there are thousands of small tables, asking and committing for each is most of the work. */
export async function inSmallSlices(session: TargetReader, tables: readonly ObjectsOfTable[]): Promise<SmallSlices> {
  const bytes = await tableBytes(
    session,
    tables.map(({ table }) => table),
  );
  const small = tables.filter((_, index) => (bytes[index] ?? 0) <= FEW_BYTES);
  if (small.length < FEWEST_TABLES) return { large: tables, slices: [] };
  return {
    large: tables.filter((_, index) => (bytes[index] ?? 0) > FEW_BYTES),
    slices: Array.from({ length: Math.ceil(small.length / TABLES_AT_ONCE) }, (_, slice) =>
      small.slice(slice * TABLES_AT_ONCE, (slice + 1) * TABLES_AT_ONCE),
    ),
  };
}
