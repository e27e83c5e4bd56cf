import { realpathSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { FileIdentity } from "../model/source-identity.ts";
import { readProc } from "../operating-system.ts";

/** Identifies a file without opening it. Closing any descriptor of a database drops the locks of this process. */
export function identifyFile(path: string): FileIdentity {
  const real = realpathSync(path);
  const { dev, ino } = statSync(real, { bigint: true });
  return {
    kind: "file",
    path: real,
    host: hostname(),
    boot: bootId(),
    device: String(dev),
    inode: ino === 0n ? null : String(ino),
    born: bornAt(real),
    directory: placeOf(dirname(real)),
  };
}

/** Device and inode of the file at a path; null if there is none, or if stat fails. */
export function placeOf(path: string): string | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? null : `${found.dev}:${found.ino}`;
  } catch {
    return null;
  }
}

/** Birth time in ms. Some file systems have none: they return 0 or the time of the last change. */
function bornAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  const born = found?.birthtimeMs;
  if (found === undefined || typeof born !== "bigint" || born <= 0n || born === found.ctimeMs) return null;
  return String(born);
}

function bootId(): string | null {
  return readProc("sys/kernel/random/boot_id")?.trim() || null;
}
