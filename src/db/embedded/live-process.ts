import { readFileSync } from "node:fs";

/** What tells a process from a later one with the same number: its start time, where the system says it. */
export function processMark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may hold spaces; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

export function isAlive(pid: number, mark = ""): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return mark === "" || processMark(pid) === "" || processMark(pid) === mark;
}
