import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * libsql frees a closed database with its last statement, and that when it is collected: V8 sees no need to, since the
 * memory is not its own.
 */
export async function collectGarbage(): Promise<void> {
  collect();
  // Finalizers run in a turn of their own.
  await new Promise((resolve) => setImmediate(resolve));
}
