import { setTimeout as delay } from "node:timers/promises";

const PAUSES_MS = [50, 100, 200, 400, 800, 1_600, 3_200];

/** Tries again for some seconds what must not be left undone because a database failed for a moment; then throws what it last met. */
export async function withReconnect<T>(work: () => Promise<T>, onFailure: () => void): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch {
      onFailure();
      await delay(pause);
    }
  }
  return work();
}
