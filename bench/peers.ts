import { spawnSync } from "node:child_process";
import { type Measured, measure, mustMeasure } from "./measure.ts";

/** Whether a program to compare with is installed; missing ones are skipped and reported. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Loads prepared COPY files into the tables of a schema, one after the other. */
export function psqlCopy(url: string, schema: string, tables: readonly string[], directory: string): Promise<Measured> {
  return mustMeasure("psql", [
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    url,
    ...tables.flatMap((table, index) => [
      "-c",
      `\\copy ${quoted(schema)}.${quoted(table)} from '${directory}/${index}.copy'`,
    ]),
  ]);
}

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

/** The manual way: dump with sqlite3, load with psql. */
export function csvPipe(source: string, url: string, schema: string, tables: readonly string[]): Promise<Measured> {
  const pipes = tables.map(
    (table) =>
      `sqlite3 -csv "$SOURCE" ${shell(`select * from ${quoted(table)}`)} | psql -q -v ON_ERROR_STOP=1 "$TARGET" ` +
      `-c ${shell(`\\copy ${quoted(schema)}.${quoted(table)} from stdin csv`)}`,
  );
  return mustMeasure("bash", ["-c", `set -e -o pipefail; ${pipes.join("; ")}`], {
    env: { SOURCE: source, TARGET: url },
  });
}

/** Null if it failed: sometimes it stops at a gigabyte of memory ("Heap exhausted during garbage collection"). */
export async function pgloader(source: string, url: string, directory: string): Promise<Measured | null> {
  const { username, password, host, pathname } = new URL(url);
  const measured = await measure(
    "pgloader",
    [
      "--with",
      "include drop",
      "--with",
      "create tables",
      "--with",
      "create indexes",
      "--with",
      "reset sequences",
      "--with",
      "foreign keys",
      `sqlite://${source}`,
      `postgresql://${username}${password === "" ? "" : `:${password}`}@${host}${pathname}`,
    ],
    { cwd: directory },
  );
  return measured.code === 0 ? measured : null;
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
