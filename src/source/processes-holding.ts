import { readdirSync, readFileSync, statSync } from "node:fs";

export interface HoldingProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Other processes that have a file open, as far as this user may see them; Linux only. They keep writing to a file that
 * was replaced or removed, and those writes are lost.
 */
export function processesHolding(file: { readonly device: string; readonly inode: string }): HoldingProcess[] {
  if (process.platform !== "linux") return [];
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => namesIn(`/proc/${pid}/fd`).some((fd) => isFile(`/proc/${pid}/fd/${fd}`, file)))
    .map((pid) => ({ pid: Number(pid), command: commandOf(pid) }));
}

function isFile(link: string, { device, inode }: { readonly device: string; readonly inode: string }): boolean {
  try {
    const { dev, ino } = statSync(link, { bigint: true });
    return String(dev) === device && String(ino) === inode;
  } catch {
    return false;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "?";
  }
}
