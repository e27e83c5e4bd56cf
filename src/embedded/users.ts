import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startTimeOf } from "./live-process.ts";
import type { Places } from "./places.ts";

let entries = 0;

/**
 * Registers this process as a user of the server; the returned function unregisters it. A process may register several
 * times.
 */
export function enter(places: Places): () => void {
  mkdirSync(places.users, { recursive: true });
  // The random part: worker threads share the PID of their process and each register.
  const file = join(
    places.users,
    `${process.pid}-${startTimeOf(process.pid)}-${++entries}${Math.random().toString(36).slice(2, 8)}`,
  );
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** Number of processes that use the server; entries of dead ones are removed. */
export function liveUsers(places: Places): number {
  const live = new Set<string>();
  for (const file of filesOf(places.users)) {
    const [pid = "", startTime = ""] = file.split("-");
    if (isAlive(Number(pid), startTime)) live.add(pid);
    else rmSync(join(places.users, file), { force: true });
  }
  return live.size;
}

function filesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
