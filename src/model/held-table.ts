import type { TableMapping } from "./mapping.ts";
import type { SchemaChange } from "./schema-change.ts";

/** What a sync does when the source's schema changes. */
export const FOLLOW_SCHEMA = ["stop", "write", "apply"] as const;

export type FollowSchema = (typeof FOLLOW_SCHEMA)[number];

/**
 * A table whose schema changed in the source. Its rows in the target stay as they were then; all others are replayed.
 */
export interface HeldSourceTable {
  /** Its number in the change log; null for a table that is new. */
  readonly id: number | null;
  /** As it was called when it was captured; of a new one, as it is called. */
  readonly table: string;
  /** As it is called now; null where it is gone. */
  readonly now: string | null;
  /** The watermark up to which the target has its changes. The log keeps those behind it. */
  readonly since: string;
  /** When it was noticed, ISO 8601. */
  readonly at: string;
  /** In the order in which they were noticed. */
  readonly changes: readonly SchemaChange[];
  /** The migration files that were written for it; none where another tool owns the target's tables. */
  readonly files: readonly string[];
}

/** The mappings of tables that are not held. */
export function flowing(
  mappings: readonly TableMapping[],
  held: readonly Pick<HeldSourceTable, "id">[],
): readonly TableMapping[] {
  if (held.length === 0) return mappings;
  const ids = new Set(held.map(({ id }) => id));
  return mappings.filter(({ id }) => !ids.has(id));
}

/** Every name by which a held table goes: of no use to anyone who asks what is new in the source. */
export function namesOfHeld(held: readonly HeldSourceTable[]): ReadonlySet<string> {
  return new Set(held.flatMap(({ now, table }) => (now === null ? [table] : [table, now])));
}

/** The first entry of the log that a held table still needs; null where none is held. */
export function heldSince(held: readonly HeldSourceTable[]): bigint | null {
  return held.reduce<bigint | null>((least, { since }) => {
    const from = BigInt(since);
    return least === null || from < least ? from : least;
  }, null);
}
