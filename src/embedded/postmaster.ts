import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { failed } from "./failed.ts";
import { isAlive } from "./live-process.ts";
import type { Places } from "./places.ts";

/** The server process, as it says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  /** Null until it listens. */
  readonly port: number | null;
}

const STOP_MS = 2 * 60_000;

/** The running server, or null. */
export function runningPostmaster(places: Places): Postmaster | null {
  const [first = "", , , port = ""] = pidFile(places).split("\n");
  const pid = Number(first);
  if (!isAlive(pid) || !isOurs(pid, places)) return null;
  return { pid, port: Number(port) > 0 ? Number(port) : null };
}

/** Stops the server and waits until it is gone; says whether there was one. */
export async function stop(places: Places): Promise<boolean> {
  const running = runningPostmaster(places);
  if (running === null) return false;
  // PostgreSQL's fast shutdown: clients are told, and nothing needs recovery.
  signal(running.pid, "SIGINT");
  const deadline = performance.now() + STOP_MS;
  while (isAlive(running.pid)) {
    if (performance.now() > deadline) throw failed("the embedded PostgreSQL does not stop", `see ${places.log}`);
    await delay(20);
  }
  return true;
}

/**
 * Readies the `postmaster.pid` that a killed server left. It is not removed: it names the shared memory by which
 * PostgreSQL sees that processes of the killed server still write to the data. But PostgreSQL gives up if the number
 * in it is some living process' by now; with our own number, its parent's, it looks at the memory and goes on.
 */
export function disownPidFile(places: Places): void {
  const path = join(places.data, "postmaster.pid");
  const [first = "", ...rest] = pidFile(places).split("\n");
  // Nothing in it: the disk was full or the power failed, and PostgreSQL would ask a person to remove it.
  if (first === "") rmSync(path, { force: true });
  else if (isAlive(Number(first))) writeFileSync(path, [String(process.pid), ...rest].join("\n"));
}

/** Tells processes that a killed server left behind to end: until they do, PostgreSQL will not start on their data. */
export function endRemains(places: Places): void {
  if (runningPostmaster(places) !== null) return;
  for (const name of processNumbers()) if (isOurs(Number(name), places, false)) signal(Number(name), "SIGTERM");
}

function processNumbers(): readonly string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function pidFile(places: Places): string {
  try {
    return readFileSync(join(places.data, "postmaster.pid"), "utf8");
  } catch {
    return "";
  }
}

/**
 * After a crash of the machine the number may be another program's by now, and that one must not be stopped.
 * `unsure` is the answer for a PostgreSQL of which the system does not say where it works.
 */
function isOurs(pid: number, places: Places, unsure = true): boolean {
  if (process.platform === "win32") return true;
  try {
    if (!readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres")) return false;
  } catch {
    if (!unsure) return false;
    const name = spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
    return basename(name.trim()).startsWith("postgres");
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(places.data);
  } catch {
    return unsure;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
