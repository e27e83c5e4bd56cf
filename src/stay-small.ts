import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const EVERY_MS = 100;
/** Garbage that may pile up before it is collected. */
const GARBAGE_BYTES = 8 << 20;
/** Without any work. */
const MIN_LIVE_BYTES = 24 << 20;
/** A collection is followed by so many times its duration without one. */
const REST_FACTOR = 10;

/**
 * Has V8 collect garbage while there is little of it, and keep its nursery at the size it starts with. Left alone it
 * lets pages of rows pile up to 120 MB of heap before it looks, and gives new objects 48 MB. Samples
 * took 205 to 240 MB resident; with this they take 150 to 190 MB, in the same time.
 * Runtimes without these switches do without.
 */
export function staySmall(): void {
  if ("Deno" in globalThis || "Bun" in globalThis) return;
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") return;
  let live = MIN_LIVE_BYTES;
  let restsUntil = 0;
  setInterval(() => {
    const started = performance.now();
    if (started < restsUntil || used() < live + GARBAGE_BYTES) return;
    collect();
    live = Math.max(MIN_LIVE_BYTES, used());
    const ended = performance.now();
    restsUntil = ended + (ended - started) * REST_FACTOR;
  }, EVERY_MS).unref();
}

/** Buffers count: rows are in them. */
function used(): number {
  const { external, heapUsed } = process.memoryUsage();
  return heapUsed + external;
}
