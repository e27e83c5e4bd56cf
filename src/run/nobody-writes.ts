import type { Run } from "../model/run.ts";
import { pause } from "../retry.ts";
import { lastLogged } from "../rows/log-entries.ts";
import type { Context } from "./context.ts";
import { isLarge } from "./on-workers.ts";

/** An application that writes less often hardly notices concurrent work. */
const WATCHED_MS = 150;

/**
 * Whether all processors can be used: the source is at rest, or nothing was logged since the watermark and nothing is
 * for a moment. A small source is not watched, since one process does its work.
 */
export async function nobodyWrites({ signal, source }: Context, run: Run): Promise<boolean> {
  if (!run.captured) return true;
  if (!isLarge(source)) return false;
  const before = await source.read(lastLogged);
  if (before > run.watermark) return false;
  await pause(WATCHED_MS, signal);
  return (await source.read(lastLogged)) === before;
}
