import { existsSync, realpathSync, rmSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createClient } from "@libsql/client";
import { readSchema } from "./read-schema.ts";
import { firstNames, lastNames, permissions, statements, titles, userAgents } from "./sample-texts.ts";
import { tableRows } from "./table-rows.ts";

export interface GenerateOptions {
  /** At least 4. About 28 rows each, over all tables. */
  readonly users: number;
  readonly out: string;
  readonly seed?: number;
  readonly progress?: (message: string) => void;
}

/** Makes the database; the same users and seed make the same rows. Returns how many there are, by table. */
export async function generate({
  users,
  out,
  seed = 1,
  progress = () => {},
}: GenerateOptions): Promise<Record<string, number>> {
  if (!Number.isSafeInteger(users) || users < 4) throw new Error("there must be 4 users at least");
  if (existsSync(out)) throw new Error(`${out} exists already`);
  const client = createClient({ url: pathToFileURL(out).href, concurrency: 1 });
  try {
    const { tables, indexes } = readSchema();
    // Nobody else has the file yet and a failed attempt is thrown away: no journal, no fsync.
    await client.executeMultiple(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;",
    );
    await client.executeMultiple(`${tables}${vocabulary()}`);
    const counts: Record<string, number> = {};
    for (const { table, sql } of tableRows(users, seed)) {
      const { rowsAffected } = await client.execute(sql);
      counts[table] = rowsAffected;
      progress(`${table}: ${rowsAffected} rows`);
    }
    await client.executeMultiple(indexes);
    // As if the newest rows had been deleted: AUTOINCREMENT never gives their ids out again.
    await client.execute("UPDATE sqlite_sequence SET seq = seq + 17");
    await client.execute("PRAGMA journal_mode = WAL");
    return counts;
  } catch (error) {
    client.close();
    rmSync(out, { force: true });
    throw error;
  } finally {
    client.close();
  }
}

/** The sample texts as temporary tables: looking one up costs next to nothing. */
function vocabulary(): string {
  const json = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value));
  const lists = {
    first_names: firstNames,
    last_names: lastNames,
    titles,
    statements,
    statements_json: json(statements),
    user_agents: userAgents,
    permissions: json(permissions),
  };
  return Object.entries(lists)
    .map(([name, words]) => {
      const rows = words.map((word, i) => `(${i}, '${word.replaceAll("'", "''")}')`);
      return `CREATE TEMP TABLE ${name} (i INTEGER PRIMARY KEY, word TEXT NOT NULL); INSERT INTO temp.${name} VALUES ${rows.join(", ")};`;
    })
    .join("\n");
}

const USAGE = "usage: generate --out file.db [--users 1000] [--seed 1]";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      users: { type: "string", default: "1000" },
      out: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  });
  if (values.out === undefined) throw new Error(USAGE);
  const started = performance.now();
  const counts = await generate({
    users: Number(values.users),
    out: values.out,
    seed: Number(values.seed),
    progress: (message) => process.stderr.write(`${message}\n`),
  });
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `${JSON.stringify({ out: values.out, rows, ...counts, seconds: Number(seconds.toFixed(2)) })}\n`,
  );
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
}
