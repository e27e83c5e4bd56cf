import { statSync } from "node:fs";
import { listProc, processIds, readProc } from "../operating-system.ts";

export interface HoldingProcess {
  readonly pid: number;
  readonly command: string;
}

/** Who has a file open. */
export interface Holders {
  readonly processes: readonly HoldingProcess[];
  /** Processes of other users, whose files this user may not see. Null where the system shows no open files. */
  readonly unseen: number | null;
}

/** Where the open files of processes are listed; a test gives a directory without any. */
const PROC = "/proc";

/**
 * Other processes that have a file open, as far as this user may see them; Linux only. They keep writing to a file that
 * was replaced or removed, and those writes are lost.
 */
export function processesHolding(
  file: { readonly device: string; readonly inode: string },
  root = PROC,
): readonly HoldingProcess[] {
  return holdersOf(file, root).processes;
}

/** The same, and how many processes could not be looked at. */
export function holdersOf(file: { readonly device: string; readonly inode: string }, root = PROC): Holders {
  const ids = processIds(root);
  if (ids.length === 0) return { processes: [], unseen: null };
  const processes: HoldingProcess[] = [];
  let unseen = 0;
  for (const pid of ids.filter((pid) => Number(pid) !== process.pid)) {
    const open = listProc(`${pid}/fd`, root);
    // A process that has ended meanwhile holds nothing.
    if (open === null && readProc(`${pid}/comm`, root) !== null) unseen++;
    if (open?.some((fd) => isFile(`${root}/${pid}/fd/${fd}`, file)) === true)
      processes.push({ pid: Number(pid), command: readProc(`${pid}/comm`, root)?.trim() ?? "?" });
  }
  return { processes, unseen };
}

function isFile(link: string, { device, inode }: { readonly device: string; readonly inode: string }): boolean {
  try {
    const { dev, ino } = statSync(link, { bigint: true });
    return String(dev) === device && String(ino) === inode;
  } catch {
    return false;
  }
}
