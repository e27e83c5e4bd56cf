import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { onTestFinished } from "vitest";
import { type Migration, openMigration } from "../../src/migration.ts";
import type { FollowSchema } from "../../src/model/held-table.ts";
import { temporaryDirectory } from "./source.ts";
import { emptyDatabase, query } from "./target.ts";

export interface FollowedRun {
  readonly migration: Migration;
  readonly target: string;
  readonly directory: string;
  readonly application: Database.Database;
  readonly messages: string[];
  /** The sync as a process of its own would run it, until `stop`. */
  start(followSchema?: FollowSchema): { stop(): Promise<void>; readonly ended: Promise<unknown> };
  /** Waits until both sides hold the same, by SQL of their own. */
  equal(table: string, options?: { readonly as?: string }): Promise<void>;
  /** Waits until the first copy is done with. */
  synced(): Promise<void>;
  until(what: string, is: () => boolean | Promise<boolean>): Promise<void>;
}

/** A run that has its tables and can be synced, with an application that alters them. */
export async function followedRun(schema: string): Promise<FollowedRun> {
  const cwd = temporaryDirectory();
  const directory = join(cwd, "migrations");
  mkdirSync(directory);
  const path = join(cwd, "app.db");
  const application = new Database(path);
  onTestFinished(() => void application.close());
  application.exec("PRAGMA journal_mode = wal");
  application.exec(schema);
  const target = await emptyDatabase();
  const messages: string[] = [];
  const open = (signal?: AbortSignal) =>
    openMigration({
      source: path,
      target,
      migrationsDirectory: directory,
      ...(signal === undefined ? {} : { signal }),
      onEvent: (event) => void ("message" in event && messages.push(String(event.message))),
    });
  const migration = open();
  onTestFinished(() => migration.close());
  await migration.schema({ write: true });
  await migration.migrations.up();
  const run: FollowedRun = {
    migration,
    target,
    directory,
    application,
    messages,
    start(followSchema) {
      const abort = new AbortController();
      const syncing = open(abort.signal);
      const ended = syncing.sync(followSchema === undefined ? {} : { followSchema });
      ended.catch((error: unknown) => void messages.push(`ended: ${String(error)}`));
      const stop = async () => {
        abort.abort();
        await ended.catch(() => {});
        await syncing.close();
      };
      onTestFinished(stop);
      return { stop, ended };
    },
    synced: () =>
      run.until("it is in sync", async () => {
        const [row] = await query<{ phase: string }>(target, "select phase from changeover.run").catch(() => []);
        return row?.phase === "syncing";
      }),
    async until(what, is) {
      const end = Date.now() + 15_000;
      while (!(await is())) {
        if (Date.now() > end) throw new Error(`${what}: not within 15 s; ${messages.slice(-12).join("\n")}`);
        await new Promise((done) => setTimeout(done, 100));
      }
    },
    async equal(table, { as = table } = {}) {
      let seen: unknown[] = [];
      await run
        .until(`${table} is equal`, async () => {
          seen = [rowsOfSource(application, table), await rowsOfTarget(target, as).catch(String)];
          return JSON.stringify(seen[0]) === JSON.stringify(seen[1]);
        })
        .catch((error: unknown) => {
          throw new Error(`${String(error)}\n${JSON.stringify(seen, null, 1).slice(0, 3_000)}`);
        });
    },
  };
  return run;
}

/** Rows as texts by column, in an order of their own. */
function rowsOfSource(application: Database.Database, table: string): string[] {
  return (application.prepare(`SELECT * FROM "${table}"`).all() as Record<string, unknown>[])
    .map((row) => textOf(row))
    .sort();
}

async function rowsOfTarget(target: string, table: string): Promise<string[]> {
  const rows = await query<{ row: string }>(target, `select to_json(t)::text as row from "${table}" as t`);
  return rows.map(({ row }) => textOf(JSON.parse(row) as Record<string, unknown>)).sort();
}

function textOf(row: Record<string, unknown>): string {
  const columns = Object.entries(row).filter(([name]) => !name.startsWith("_changeover"));
  return JSON.stringify(columns.map(([name, value]) => [name, value === null ? null : String(value)]).sort());
}
