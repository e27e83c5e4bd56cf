import type { Source, SourceWriter, WriteOptions } from "./source.ts";

/** Runs `work` in a write transaction of the source and rolls it back. */
export async function rolledBack<T>(
  source: Source,
  work: (tx: SourceWriter) => Promise<T>,
  options: Pick<WriteOptions, "foreignKeys"> = {},
): Promise<T> {
  const undo = new Error("undo");
  const done: T[] = [];
  try {
    await source.write(async (tx) => {
      // The work runs again after SQLITE_BUSY: keep the last result only.
      done.splice(0, done.length, await work(tx));
      throw undo;
    }, options);
  } catch (error) {
    const undone = error === undo || (error instanceof Error && error.cause === undo);
    if (!undone) throw error;
  }
  return done[0] as T;
}
