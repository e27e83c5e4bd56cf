import { readdirSync, readFileSync } from "node:fs";

/** Memory of a process and its children, MB. */
export interface Memory {
  /** Resident memory of the largest process, what it shares with others included. */
  readonly largest: number;
  /** Of all at one time, where what they share counts once (PSS). */
  readonly together: number;
}

/** Null once the process has ended. Needs Linux. */
export function memoryOf(pid: number): Memory | null {
  const all = treeOf(pid).flatMap((one) => usedMb(one) ?? []);
  if (all.length === 0) return null;
  return {
    largest: Math.max(...all.map(({ resident }) => resident)),
    together: all.reduce((sum, { proportional }) => sum + proportional, 0),
  };
}

export function maxOf(before: Memory | undefined, now: Memory): Memory {
  return before === undefined
    ? now
    : { largest: Math.max(before.largest, now.largest), together: Math.max(before.together, now.together) };
}

function usedMb(pid: number): { readonly resident: number; readonly proportional: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0) / 1_024;
    return { resident: mb("Rss"), proportional: mb("Pss") };
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
