import type { Context } from "../run/context.ts";

/** Reads the source before anything else, so that its errors are thrown before the target is opened. */
export async function touchSource(context: Context): Promise<void> {
  await context.source.read((tx) => tx.rows("SELECT count(*) FROM sqlite_schema"));
}
