import { spawnSync } from "node:child_process";
import { type Measured, measure, mustMeasure } from "./measure.ts";

/** Whether a program is there to be measured against; what is not is left out, and said. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Ready-made COPY files into tables of a schema, one after the other. */
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

/** The files for it, from tables that are filled. */
export function psqlExport(url: string, tables: readonly string[], directory: string): Promise<Measured> {
  return mustMeasure("psql", [
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    url,
    ...tables.flatMap((table, index) => ["-c", `\\copy ${quoted(table)} to '${directory}/${index}.copy'`]),
  ]);
}

/** What one does on a Saturday night. */
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

/**
 * Null where it failed: it gives up at a gigabyte of its own memory, now and then ("Heap exhausted during garbage
 * collection").
 */
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
