import { readFileSync, realpathSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { FileIdentity } from "../model/source-identity.ts";

/** Looks at a file without opening it: whoever closes a descriptor of a database drops the locks of its process. */
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

/** Device and inode of what is at a path; null if nothing is, or if it cannot be looked at. */
export function placeOf(path: string): string | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? null : `${found.dev}:${found.ino}`;
  } catch {
    return null;
  }
}

/** In ms, which every runtime tells. Where a file system keeps no such time, it is 0 or that of the last change. */
function bornAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  const born = found?.birthtimeMs;
  if (found === undefined || typeof born !== "bigint" || born <= 0n || born === found.ctimeMs) return null;
  return String(born);
}

function bootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() || null;
  } catch {
    return null;
  }
}
