import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, processMark } from "./live-process.ts";
import type { Places } from "./places.ts";

let entries = 0;

/** Notes that this process uses the server; what is returned takes the note away. One process may do it many times. */
export function enter(places: Places): () => void {
  mkdirSync(places.users, { recursive: true });
  // The random part: a worker thread has the number of its process, and counts for itself.
  const file = join(
    places.users,
    `${process.pid}-${processMark(process.pid)}-${++entries}${Math.random().toString(36).slice(2, 8)}`,
  );
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** How many processes use the server; what dead ones left is removed. */
export function liveUsers(places: Places): number {
  const live = new Set<string>();
  for (const file of filesOf(places.users)) {
    const [pid = "", mark = ""] = file.split("-");
    if (isAlive(Number(pid), mark)) live.add(pid);
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
