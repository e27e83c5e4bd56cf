import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of a process and of those that it started, MB. */
export interface Memory {
  readonly largest: number;
  /** Of all at the same moment. What they share, the program for one, counts for each. */
  readonly together: number;
}

/** Null once the process is gone. Needs Linux. */
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

/** A process and all that it started. */
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
