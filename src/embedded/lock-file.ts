import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { InterruptedError, TargetError } from "../errors.ts";
import { waitUntil } from "../retry.ts";
import { isAlive, startTimeOf } from "./live-process.ts";

const MAX_WAIT_MS = 5 * 60_000;
/** A process needs less time between creating a lock file and writing to it, or removing it. */
const OLD_MS = 5_000;

/** Runs `work` while holding a lock file. The lock of a dead process is removed. */
export async function withLockFile<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!(await waitUntil(() => take(path), { everyMs: 30, timeoutMs: MAX_WAIT_MS, signal }))) {
    if (signal?.aborted === true) throw new InterruptedError();
    throw new TargetError({
      code: "EMBEDDED_LOCKED",
      message: "another process has been starting or stopping the embedded PostgreSQL for five minutes",
      hint: `check process ${read(path).split(" ")[0] ?? ""}, and end it if it hangs`,
    });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  if (create(path, `${process.pid} ${startTimeOf(process.pid)}\n`)) return true;
  const seen = read(path);
  if (isAbandoned(path, seen)) takeAway(path, seen);
  return false;
}

function isAbandoned(path: string, seen: string): boolean {
  // Empty: the holder has not written its PID yet, or was killed before it could.
  if (seen === "") return isOld(path);
  const [pid = "", startTime = ""] = seen.split(" ");
  return !isAlive(Number(pid), startTime);
}

/**
 * Removes an abandoned lock, by one process at a time: of two that saw the same dead holder, the slower would remove
 * the new lock of the faster.
 */
function takeAway(path: string, seen: string): void {
  const guard = `${path}.breaking`;
  if (!create(guard, "")) {
    if (isOld(guard)) rmSync(guard, { force: true });
    return;
  }
  try {
    if (read(path) === seen) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function create(path: string, text: string): boolean {
  try {
    const file = openSync(path, "wx");
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function isOld(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > OLD_MS;
  } catch {
    return false;
  }
}
