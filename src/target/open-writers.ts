import { pause } from "../retry.ts";
import { stateSql } from "./state-schema.ts";
import type { TargetReader } from "./target.ts";

const ASK_EVERY_MS = 5;

/** Transactions of others that have written to fenced tables, or may do so, and are not over. */
export async function openWriters(session: TargetReader): Promise<string[]> {
  return (await session.rows<{ writer: string }>(stateSql(session, "target/open-writers"))).map(({ writer }) => writer);
}

/**
 * Waits until those have ended who are there now. Newcomers are not waited for: they meet the fence. `between` may
 * throw to give up. `known`: who was there a moment ago.
 */
export async function waitForOpenWriters(
  session: TargetReader,
  { between, known }: { readonly between: () => void; readonly known?: readonly string[] },
): Promise<void> {
  for (let left = known ?? (await openWriters(session)); left.length > 0; ) {
    between();
    await pause(ASK_EVERY_MS);
    const now = new Set(await openWriters(session));
    left = left.filter((writer) => now.has(writer));
  }
}
