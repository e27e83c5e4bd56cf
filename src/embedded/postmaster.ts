import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { hasFileModes, processIds, procLink, readProc } from "../operating-system.ts";
import { waitUntil } from "../retry.ts";
import { embeddedError } from "./embedded-error.ts";
import { isAlive } from "./live-process.ts";
import type { Places } from "./places.ts";

/** The server process, as `postmaster.pid` describes it. */
export interface Postmaster {
  readonly pid: number;
  /** Null until the server listens. */
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

/** Stops the server and waits for its end; returns whether it was running. */
export async function stop(places: Places): Promise<boolean> {
  const running = runningPostmaster(places);
  if (running === null) return false;
  // PostgreSQL's fast shutdown: clients are disconnected, and no recovery is needed.
  signal(running.pid, "SIGINT");
  if (!(await waitUntil(() => !isAlive(running.pid), { everyMs: 20, timeoutMs: STOP_MS })))
    throw embeddedError("the embedded PostgreSQL does not stop", `see ${places.log}`);
  return true;
}

/**
 * Prepares the `postmaster.pid` of a killed server for the next start. The file stays, since it names the shared memory
 * by which PostgreSQL detects that old backends still write to the data.
 *
 * But PostgreSQL refuses to start if the PID in the file belongs to a living process. It accepts the PID of its own
 * parent, so that one is written.
 */
export function preparePidFile(places: Places): void {
  const path = join(places.data, "postmaster.pid");
  const [first = "", ...rest] = pidFile(places).split("\n");
  // An empty file, after a full disk or a power cut: PostgreSQL would ask a person to remove it.
  if (first === "") rmSync(path, { force: true });
  else if (isAlive(Number(first))) writeFileSync(path, [String(process.pid), ...rest].join("\n"));
}

/** Ends backends of a killed server: PostgreSQL does not start while they use its data. */
export function endOrphans(places: Places): void {
  if (runningPostmaster(places) !== null) return;
  for (const name of processIds()) if (isOurs(Number(name), places, false)) signal(Number(name), "SIGTERM");
}

function pidFile(places: Places): string {
  try {
    return readFileSync(join(places.data, "postmaster.pid"), "utf8");
  } catch {
    return "";
  }
}

/**
 * Whether a process is our server: after a reboot the PID may belong to another program, which must not be stopped.
 * `unsure`: the answer for a PostgreSQL whose working directory cannot be read.
 */
function isOurs(pid: number, places: Places, unsure = true): boolean {
  // Windows has neither /proc nor ps.
  if (!hasFileModes()) return true;
  const command = readProc(`${pid}/comm`);
  if (command !== null && !command.startsWith("postgres")) return false;
  if (command === null) {
    if (!unsure) return false;
    const name = spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
    return basename(name.trim()).startsWith("postgres");
  }
  const directory = procLink(`${pid}/cwd`);
  return directory === null ? unsure : directory === realpathSync(places.data);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
