import { FleetDatabase, hasFleet } from "./fleet-database.ts";
import { type FleetStatus, readFleetStatus } from "./fleet-status.ts";

/** A fleet for who looks at it again and again. */
export interface FleetReader {
  /** Null where there is none. Changes nothing. @throws TargetError: where the target cannot be read. */
  read(): Promise<FleetStatus | null>;
  /** @throws Nothing. */
  close(): Promise<void>;
}

/** Whether one was planned meanwhile is not asked each second. */
const LOOK_AGAIN_MS = 10_000;

export function fleetReader(url: string): FleetReader {
  const database = new FleetDatabase(url);
  let [isThere, askedAt] = [false, Number.NEGATIVE_INFINITY];
  return {
    async read() {
      if (!isThere) {
        if (performance.now() - askedAt < LOOK_AGAIN_MS) return null;
        isThere = await hasFleet(database);
        askedAt = performance.now();
      }
      return isThere ? readFleetStatus(database) : null;
    },
    close: () => database.close(),
  };
}
