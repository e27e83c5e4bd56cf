import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of a process and its children, MB. */
export interface Memory {
  readonly largest: number;
  /** Sum at one time. Shared memory, such as the program, counts for each process. */
  readonly together: number;
}

/** Null once the process has ended. Needs Linux. */
export function memoryOf(pid: number): Memory | null {
  const all = treeOf(pid).flatMap((one) => residentMb(one) ?? []);
  if (all.length === 0) return null;
  return { largest: Math.max(...all), together: all.reduce((sum, one) => sum + one, 0) };
}

export function maxOf(before: Memory | undefined, now: Memory): Memory {
  return before === undefined
    ? now
    : { largest: Math.max(before.largest, now.largest), together: Math.max(before.together, now.together) };
}

function residentMb(pid: number): number | null {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
  } catch {
    return null;
  }
}

/** A process and its descendants. */
export function treeOf(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(treeOf)];
  } catch {
    return [];
  }
}
