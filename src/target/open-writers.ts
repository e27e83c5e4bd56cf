import { pause } from "../retry.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "./target.ts";

const ASK_EVERY_MS = 5;

/** Whether others have written to fenced tables in transactions that are still open. */
export async function hasOpenWriters(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ found: boolean }>(sql("target/open-writers"));
  return row?.found === true;
}

/** Waits until they have ended. `between` may throw to give up. */
export async function waitForOpenWriters(
  session: TargetReader,
  { between }: { readonly between: () => void },
): Promise<void> {
  while (await hasOpenWriters(session)) {
    between();
    await pause(ASK_EVERY_MS);
  }
}
