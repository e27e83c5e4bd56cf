import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * What differs between operating systems, asked in one place: modes of files, the names of programs, and Linux's
 * /proc. Without /proc each answer is "not known", and callers go on with less.
 */
export type OperatingSystem = NodeJS.Platform;

/** Whether a file's mode says who may read it. Windows has access lists instead, and reports 0o666 for all. */
export function hasFileModes(system: OperatingSystem = process.platform): boolean {
  return system !== "win32";
}

/** The file of a program. */
export function programFile(name: string, system: OperatingSystem = process.platform): string {
  return system === "win32" ? `${name}.exe` : name;
}

/** Whether npm is a batch file, which only a shell can start. */
export function startsThroughShell(system: OperatingSystem = process.platform): boolean {
  return system === "win32";
}

/** Where programs of this user keep what they can bring again. */
export function cacheDirectory(
  system: OperatingSystem = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const given = environment["XDG_CACHE_HOME"] || (system === "win32" ? environment["LOCALAPPDATA"] : "");
  return given || join(homedir(), ".cache");
}

/** What the embedded PostgreSQL's packages call this system. */
export function packagedSystem(system: OperatingSystem = process.platform): string {
  return system === "win32" ? "windows" : system;
}

/** Whether an absolute path begins with a drive, as `C:\app.db` does. */
export function hasDrive(path: string): boolean {
  return /^[a-z]:[\\/]/i.test(path);
}

/** Text of a file of /proc; null where the system has none, or keeps it from this user. */
export function readProc(path: string, root = "/proc"): string | null {
  try {
    return readFileSync(`${root}/${path}`, "latin1");
  } catch {
    return null;
  }
}

/** Names in a directory of /proc; null where it cannot be read. */
export function listProc(path: string, root = "/proc"): readonly string[] | null {
  try {
    return readdirSync(path === "" ? root : `${root}/${path}`);
  } catch {
    return null;
  }
}

/** Where a link of /proc leads; null where it cannot be read. */
export function procLink(path: string, root = "/proc"): string | null {
  try {
    return readlinkSync(`${root}/${path}`);
  } catch {
    return null;
  }
}

/** Ids of all processes; none where there is no /proc. */
export function processIds(root = "/proc"): readonly string[] {
  return (listProc("", root) ?? []).filter((name) => /^\d+$/.test(name));
}
