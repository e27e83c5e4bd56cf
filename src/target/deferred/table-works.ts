import type { TargetTableName } from "../../model/mapping.ts";
import type { Work } from "../in-sessions.ts";
import { tableBytes } from "../table-bytes.ts";
import type { TargetReader } from "../target.ts";

/** What is to be done of one table, each thing of which reads all of it. */
export interface TableWork<Item> {
  readonly table: TargetTableName;
  /** What locks the table against the rest: one after the other. */
  readonly locking: readonly Item[];
  /** Side by side, once that is done. */
  readonly then?: readonly Item[];
}

export interface Weighed<Item> {
  readonly works: readonly Work<Item>[];
  /** No session has more to do than its share. */
  readonly isCaughtUp: boolean;
}

/** Work by the sizes of the tables; `shares`: how many sessions do it. */
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
  return { works: weighed, isCaughtUp: weighed.every(({ longest }) => longest * shares <= total) };
}
