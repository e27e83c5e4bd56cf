import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { TargetError } from "../../errors.ts";
import { isAlive } from "./live-process.ts";

const PATIENCE_MS = 60_000;

/** Runs `work` while holding a lock that a dead process does not keep. */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!take(path)) {
    if (performance.now() > deadline) {
      throw new TargetError({ code: "EMBEDDED_LOCKED", message: "another process has been starting or stopping the embedded PostgreSQL for a minute", hint: `see what it does; remove ${path} if there is none` });
    }
    await delay(50);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const holder = Number(read(path));
  if (Number.isInteger(holder) && holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
  return false;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
