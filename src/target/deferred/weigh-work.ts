import type { TargetTableName } from "../../model/mapping.ts";
import type { SessionWork } from "../run-in-sessions.ts";
import { tableBytes } from "../table-bytes.ts";
import type { TargetReader } from "../target.ts";

/** Work on one table; each item reads the full table. */
export interface TableWork<Item> {
  readonly table: TargetTableName;
  /** Items that lock the table: one after the other. */
  readonly locking: readonly Item[];
  /** Items to run concurrently afterwards. */
  readonly then?: readonly Item[];
}

export interface Weighed<Item> {
  readonly work: readonly SessionWork<Item>[];
  /** Whether the work can be spread evenly over the sessions. */
  readonly isCaughtUp: boolean;
}

/** Weighs work by table size; `shares`: number of sessions. */
export async function weigh<Item>(
  session: TargetReader,
  tables: readonly TableWork<Item>[],
  shares: number,
): Promise<Weighed<Item>> {
  const sizes = await tableBytes(
    session,
    tables.map(({ table }) => table),
  );
  const weighed = tables.map(({ locking, then = [] }, index) => {
    const bytes = sizes[index] ?? 0;
    const weight = bytes * (locking.length + then.length);
    return {
      items: locking,
      then: then.map((item) => ({ items: [item], weight: bytes })),
      weight,
      longest: bytes * (locking.length + Math.min(1, then.length)),
    };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return { work: weighed, isCaughtUp: weighed.every(({ longest }) => longest * shares <= total) };
}
