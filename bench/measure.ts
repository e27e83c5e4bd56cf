import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Memory, maxOf, memoryOf, treeOf } from "./process-memory.ts";

/** Resources of a process. Needs Linux: memory and processor time come from /proc. */
export interface Measured {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Processor time of the process itself, without the server. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  /** Memory with child processes, by phase, if `phase` is given. */
  readonly memory: Readonly<Record<string, Memory>>;
}

const LOOK_EVERY_MS = 20;
/** Asking for it takes a process of 200 MB a millisecond or two. */
const MEMORY_EVERY_MS = 100;
const TICKS_PER_SECOND = 100;

export interface MeasureOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each line on stderr. */
  readonly onLine?: (line: string) => void;
  /** It is killed after so many ms; then its code is null. */
  readonly timeoutMs?: number;
  /** Current phase of the command, for its memory; without it memory is not sampled. */
  readonly phase?: () => string;
}

export async function measure(
  command: string,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr, cpuSeconds, peakMb] = ["", "", 0, 0];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  if (options.onLine !== undefined)
    createInterface({ input: child.stderr }).on("line", (line) => options.onLine?.(line));
  const timeout =
    options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.timeoutMs);
  const memory: Record<string, Memory> = {};
  let weighed = Number.NEGATIVE_INFINITY;
  const look = setInterval(() => {
    const isDue = performance.now() - weighed > MEMORY_EVERY_MS;
    if (isDue) weighed = performance.now();
    const taken = !isDue || child.pid === undefined || options.phase === undefined ? null : memoryOf(child.pid);
    if (taken !== null && options.phase !== undefined) memory[options.phase()] = maxOf(memory[options.phase()], taken);
    const seen = child.pid === undefined ? null : usageOf(child.pid);
    if (seen === null) return;
    cpuSeconds = Math.max(cpuSeconds, seen.cpuSeconds);
    peakMb = Math.max(peakMb, seen.peakMb);
  }, LOOK_EVERY_MS);
  const [code] = (await once(child, "close").finally(() => {
    clearInterval(look);
    clearTimeout(timeout);
  })) as [number | null];
  return { code, stdout, stderr, seconds: (performance.now() - started) / 1_000, cpuSeconds, peakMb, memory };
}

/** The same, but a failing command fails the benchmark. */
export async function mustMeasure(
  command: string,
  args: readonly string[],
  options: MeasureOptions = {},
): Promise<Measured> {
  const measured = await measure(command, args, options);
  if (measured.code !== 0)
    throw new Error(
      `${command} ${args.join(" ")} ended with ` +
        `${measured.code}:\n${measured.stdout.slice(-2_000)}\n${measured.stderr.slice(-2_000)}`,
    );
  return measured;
}

function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024;
}

/** Processor time of the process and its children; the memory of the largest of them. */
export function usageOf(pid: number): { readonly cpuSeconds: number; readonly peakMb: number } | null {
  try {
    const tree = treeOf(pid);
    return {
      cpuSeconds: tree.reduce((sum, one) => sum + ticksOf(one), 0) / TICKS_PER_SECOND,
      peakMb: Math.max(...tree.map(peakOf)),
    };
  } catch {
    return null;
  }
}

/** Including ended child processes. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
