import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const HEAP_MB = 45;
const EVERY_MS = 500;

/**
 * Has V8 collect garbage while there is little of it. Left alone it lets pages of rows pile up to 120 MB of heap before
 * it looks: 296 MB resident for a 500 MB database, 230 MB with this, in the same time. Runtimes without the switch do
 * without.
 */
export function staySmall(): void {
  if ("Deno" in globalThis || "Bun" in globalThis) return;
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") return;
  setInterval(() => {
    if (process.memoryUsage().heapUsed > HEAP_MB << 20) collect();
  }, EVERY_MS).unref();
}
