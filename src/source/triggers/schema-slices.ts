import { pause } from "../../retry.ts";
import { readSchemaVersion } from "../schema-version.ts";
import type { Source, SourceWriter } from "../source.ts";

// The commit comes on top. Each slice has every connection read the whole schema again, so few are better than many.
const SLICE_MS = 25;
const LEAST_REST_MS = 10;
const MOST_REST_MS = 3_000;

export interface SliceOptions {
  /** Runs between two transactions, while the source's lock is free. */
  readonly between?: (() => Promise<void>) | undefined;
  /** Runs in each transaction, which moves SQLite's count of schema changes by `by`. */
  readonly alongside?: ((tx: SourceWriter, by: number) => Promise<void>) | undefined;
  /** A transaction that moved the count has committed. */
  readonly onSchemaChange?: ((by: number) => void) | undefined;
}

export interface SlicedChange<Item> extends SliceOptions {
  readonly atOnce: number;
  readonly change: (tx: SourceWriter, items: readonly Item[]) => Promise<void>;
  /** The change writes sqlite_schema itself. */
  readonly isDirect?: boolean;
  /** The schema version that the change was made for. Ends early where there is another. */
  readonly version?: number;
}

/** Others changed the schema meanwhile. */
export const SCHEMA_CHANGED = Symbol("schema changed");

/**
 * Changes the source's schema for many items, in transactions so short that no writer of the application waits
 * noticeably. After BUSY a slice runs again, from where it began.
 */
export async function inSlices<Item>(
  source: Source,
  items: readonly Item[],
  options: SlicedChange<Item>,
): Promise<void> {
  let expected = options.version;
  for (let from = 0; from < items.length; ) {
    let began = 0;
    const slice = await source.write(
      async (tx) => {
        began = performance.now();
        const version = await readSchemaVersion(tx);
        if (expected !== undefined && version !== expected) return SCHEMA_CHANGED;
        return changeSome(tx, { items, from, version, until: began + SLICE_MS }, options);
      },
      { durable: false },
    );
    if (slice === SCHEMA_CHANGED) return;
    const heldMs = performance.now() - began;
    if (slice.by !== 0) options.onSchemaChange?.(slice.by);
    if (expected !== undefined) expected += slice.by;
    from = slice.next;
    const readingMs = await readSchemaAnew(source);
    await options.between?.();
    if (from < items.length) await pause(restAfter(heldMs, readingMs));
  }
}

interface Slice<Item> {
  readonly items: readonly Item[];
  readonly from: number;
  readonly version: number;
  /** performance.now() at which it is to end. */
  readonly until: number;
}

async function changeSome<Item>(
  tx: SourceWriter,
  { from, items, until, version }: Slice<Item>,
  { alongside, atOnce, change, isDirect = false }: SlicedChange<Item>,
): Promise<{ readonly next: number; readonly by: number }> {
  let next = from;
  if (isDirect) await tx.run("PRAGMA writable_schema = ON");
  try {
    do {
      await change(tx, items.slice(next, next + atOnce));
      next += atOnce;
    } while (next < items.length && performance.now() < until);
  } finally {
    if (isDirect) await tx.run("PRAGMA writable_schema = OFF");
  }
  const by = isDirect ? 1 : (await readSchemaVersion(tx)) - version;
  if (by !== 0) await alongside?.(tx, by);
  // Last: from here on this connection would read the schema again, which nobody is to wait for.
  if (isDirect) await tx.run(`PRAGMA schema_version = ${version + 1}`);
  return { next, by };
}

/** Every connection does so after a change. This one does it here, without the lock; returns how long it took. */
async function readSchemaAnew(source: Source): Promise<number> {
  return source.read(async (tx) => {
    const began = performance.now();
    await tx.rows("SELECT 1 FROM sqlite_schema LIMIT 1");
    return performance.now() - began;
  });
}

/**
 * How long the source's lock is left to others. A writer reads the schema again before it can take the lock, and that
 * takes it as long as us. With 1,000 tables and rests of 10 ms, one that waits 10 ms for locks got none for 4 s.
 */
function restAfter(heldMs: number, readingMs: number): number {
  return Math.min(Math.max(LEAST_REST_MS, 2 * heldMs, 2 * readingMs), MOST_REST_MS);
}
