import { spawnSync } from "node:child_process";
import { type Measured, measure, mustMeasure } from "./measure.ts";

/** Whether a program to compare with is installed; missing ones are skipped and reported. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Writes those files from filled tables. */
export function psqlExport(url: string, tables: readonly string[], directory: string): Promise<Measured> {
  return mustMeasure("psql", [
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    url,
    ...tables.flatMap((table, index) => ["-c", `\\copy ${quoted(table)} to '${directory}/${index}.copy'`]),
  ]);
}

/** How a peer ended. pgloader gives up now and then for want of memory. */
export type PeerResult =
  | { readonly kind: "done"; readonly seconds: number; readonly peak_mb: number }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "timeout"; readonly seconds: number };

const AS_IT_COMES = ["include drop", "create tables", "create indexes", "reset sequences", "foreign keys"];
/** What helped of what its manual offers: a worker for each processor, and larger batches. */
const TUNED = [...AS_IT_COMES, "workers = 4", "concurrency = 2", "batch rows = 25000", "prefetch rows = 100000"];

export interface PgloaderOptions {
  readonly source: string;
  readonly url: string;
  readonly directory: string;
  readonly isTuned: boolean;
  readonly timeoutMs: number;
}

export async function pgloader(options: PgloaderOptions): Promise<PeerResult> {
  const { username, password, host, pathname } = new URL(options.url);
  const measured = await measure(
    "pgloader",
    [
      ...(options.isTuned ? TUNED : AS_IT_COMES).flatMap((setting) => ["--with", setting]),
      `sqlite://${options.source}`,
      `postgresql://${username}${password === "" ? "" : `:${password}`}@${host}${pathname}`,
    ],
    { cwd: options.directory, timeoutMs: options.timeoutMs },
  );
  const seconds = Number(measured.seconds.toFixed(2));
  if (measured.code === 0) return { kind: "done", seconds, peak_mb: Math.round(measured.peakMb) };
  if (seconds * 1_000 >= options.timeoutMs) return { kind: "timeout", seconds };
  const lines = `${measured.stdout}\n${measured.stderr}`.split("\n").filter((line) => line.trim() !== "");
  const said = lines.find((line) => /ERROR|FATAL|heap exhausted/i.test(line)) ?? lines.at(-1);
  return { kind: "failed", why: (said ?? `exit code ${measured.code}`).trim().slice(0, 200) };
}
