import { setImmediate as nextTurn } from "node:timers/promises";
import { InterruptedError } from "../errors.ts";

/**
 * Between two pages. SQLite answers at once, so reading a file would be one turn of the event loop from its first page
 * to its last: no timer and no Ctrl-C. Nor would a statement be freed, which libsql does when its JavaScript object is
 * gone: 50 kB a page pile up.
 */
export async function yieldTurn(signal?: AbortSignal): Promise<void> {
  await nextTurn();
  if (signal?.aborted === true) throw new InterruptedError();
}
