import { join } from "node:path";
import Database from "libsql";
import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { RandomDeploys } from "../support/random-deploys.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

// RANDOM_DEPLOYS=200 for more, RANDOM_DEPLOYS_FROM=17 RANDOM_DEPLOYS=1 for one again.
const FROM = Number(process.env["RANDOM_DEPLOYS_FROM"] ?? 1);
const SEEDS = Number(process.env["RANDOM_DEPLOYS"] ?? 12);
const ROUNDS = 6;

it.each(Array.from({ length: SEEDS }, (_, index) => FROM + index))(
  "random rows, schema changes and VACUUMs arrive, whoever applies what is written (seed %i)",
  { timeout: 240_000 },
  async (seed) => {
    const deploys = new RandomDeploys(seed);
    const { path } = await sqliteFile(deploys.schema());
    const target = await emptyDatabase();
    const directory = join(temporaryDirectory(), "migrations");
    const open = () => openMigration({ source: path, target, migrationsDirectory: directory });
    await using first = open();
    await first.schema({ write: true });
    await first.migrations.up();
    await first.sync({ until: "caught-up" });
    const done: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const statements = deploys.statements();
      done.push(...statements);
      write(path, statements);
      await followed(open(), deploys.chance(0.5) ? "apply" : "write");
      expect(await targetRows(path, target), done.join(";\n")).toEqual(sourceRows(path));
    }
    await using last = open();
    expect(await last.check(), done.join(";\n")).toMatchObject({ ok: true, differences: 0 });
  },
);

/** No statement fails: a change that the application could not make would prove nothing. */
function write(path: string, statements: readonly string[]): void {
  const database = new Database(path, { timeout: 5_000 });
  for (const statement of statements) database.exec(statement);
  database.close();
}

/** Syncs, and where tables wait applies what was written. */
async function followed(opened: ReturnType<typeof openMigration>, followSchema: "apply" | "write"): Promise<void> {
  await using migration = opened;
  for (let times = 0; ; times++) {
    const code = await migration.sync({ until: "caught-up", followSchema }).then(
      () => null,
      (error: { readonly code?: string }) => {
        if (error.code !== "SCHEMA_WAITING" || times > 3) throw error;
        return error.code;
      },
    );
    // Also what nothing waits for: an index, a view.
    await migration.migrations.up();
    if (code === null) return;
  }
}

function tablesOf(database: Database.Database): string[] {
  const names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]*'";
  return (database.prepare(names).raw().all() as [string][]).map(([name]) => name).sort();
}

function columnsOf(database: Database.Database, table: string): string[] {
  const rows = database.prepare("SELECT name FROM pragma_table_info(?)").raw().all(table) as [string][];
  return rows.map(([name]) => name).sort();
}

function sourceRows(path: string): Record<string, string[]> {
  const database = new Database(path);
  try {
    return Object.fromEntries(
      tablesOf(database).map((table) => {
        const columns = columnsOf(database, table).join(", ");
        const rows = database.prepare(`SELECT ${columns} FROM ${table}`).raw().all() as unknown[][];
        return [table, rows.map(textOf).sort()];
      }),
    );
  } finally {
    database.close();
  }
}

async function targetRows(path: string, target: string): Promise<Record<string, string[]>> {
  const database = new Database(path);
  try {
    const found: Record<string, string[]> = {};
    for (const table of tablesOf(database)) {
      const columns = columnsOf(database, table);
      const rows = await query<Record<string, unknown>>(target, `select ${columns.join(", ")} from ${table}`);
      found[table] = rows.map((row) => textOf(columns.map((name) => row[name]))).sort();
    }
    return found;
  } finally {
    database.close();
  }
}

const textOf = (row: readonly unknown[]) => JSON.stringify(row.map((value) => (value === null ? null : String(value))));
