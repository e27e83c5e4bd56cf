import { readProc } from "../operating-system.ts";

/**
 * The start time of a process, which distinguishes it from a later process with the same PID; empty where the system
 * has no /proc.
 */
export function startTimeOf(pid: number): string {
  return statOf(pid)?.started ?? "";
}

export function isAlive(pid: number, startTime = ""): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive, as another user.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const stat = statOf(pid);
  if (stat === null) return true;
  // In a container whose first process reaps no children, zombies keep their PID forever.
  if (stat.state === "Z" || stat.state === "X") return false;
  return startTime === "" || stat.started === startTime;
}

function statOf(pid: number): { readonly state: string; readonly started: string } | null {
  const stat = readProc(`${pid}/stat`);
  if (stat === null) return null;
  // The name, in parentheses, may contain spaces. After it, the state is the first field and the start time the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", started: fields[19] ?? "" };
}
