import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@libsql/client";
import { expect, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { type RunningCli, runCli, startCli } from "./cli.ts";
import { sqliteFile, temporaryDirectory } from "./source.ts";
import { query } from "./target.ts";

const ACCOUNTS = 200;
const TOTAL = ACCOUNTS * 100;

/** Accounts between which money moves, so that the sum of all balances never changes, and a log of the moves. */
const BANK = `
  CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
  CREATE TABLE transfers(id INTEGER PRIMARY KEY, sender INTEGER NOT NULL, receiver INTEGER NOT NULL,
    amount INTEGER NOT NULL);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS}) INSERT INTO accounts
    SELECT i, 100 FROM n;
`;

export interface Transfers {
  /** Transactions that were acknowledged so far. */
  readonly done: number;
  /** The longest that one of them took, ms. */
  readonly longest: number;
  stop(): Promise<void>;
}

/** Moves money to and fro until stopped; a move that fails is an error of the test. */
export function startTransfers(application: Client, pause = 5): Transfers {
  let done = 0;
  let longest = 0;
  let stopped = false;
  const running = (async () => {
    for (let step = 1; !stopped; step++) {
      const [sender, receiver] = [1 + ((step * 7) % ACCOUNTS), 1 + ((step * 13) % ACCOUNTS)];
      const started = performance.now();
      await application.executeMultiple(
        `BEGIN IMMEDIATE; UPDATE accounts SET balance = balance - 1 WHERE id = ${sender}; ` +
          `UPDATE accounts SET balance = balance + 1 WHERE id = ${receiver}; ` +
          `INSERT INTO transfers(sender, receiver, amount) VALUES(${sender}, ${receiver}, 1); COMMIT`,
      );
      longest = Math.max(longest, performance.now() - started);
      done++;
      await delay(pause);
    }
  })();
  running.catch(() => {});
  return {
    get done() {
      return done;
    },
    get longest() {
      return longest;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

export interface Bank {
  readonly cwd: string;
  readonly path: string;
  readonly application: Client;
  readonly ends: readonly string[];
}

/** A bank whose tables are in the target, no row yet. */
export async function bank(url: string, journalMode: "wal" | "delete" = "wal"): Promise<Bank> {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(BANK, { journalMode });
  const ends = ["--source", path, "--target", url];
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.close();
  return { cwd, path, application, ends };
}

/** A sync that has caught up. */
export async function syncing({ cwd, ends }: Bank, env: Readonly<Record<string, string>> = {}): Promise<RunningCli> {
  const sync = startCli(["sync", ...ends, "--json"], { cwd, env });
  onTestFinished(() => void sync.child.kill("SIGKILL"));
  await sync.saw(/"event":"batch"/);
  return sync;
}

/** Waits until the target holds as many transfers as the source; says so of the sync if it ends instead. */
export async function untilCaughtUp(sync: RunningCli, { application }: Bank, url: string): Promise<void> {
  const wanted = String((await application.execute("SELECT count(*) FROM transfers")).rows[0]?.[0]);
  const ended = sync.ended.then((result) => {
    throw new Error(`the sync ended: ${result.stdout}\n${result.stderr}`);
  });
  for (let there = ""; there !== wanted; await Promise.race([delay(100), ended])) {
    there = (await query<{ n: string }>(url, "select count(*)::text as n from transfers").catch(() => []))[0]?.n ?? "";
  }
}

/** Nothing lost, nothing doubled: both sides are equal by comparison, and the money is all there. */
export async function expectEqual({ cwd, ends }: Bank, url: string): Promise<void> {
  const check = await runCli(["check", ...ends, "--json"], { cwd });
  expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, differences: 0 });
  await expectAllMoney(url);
}

export async function expectAllMoney(url: string): Promise<void> {
  expect(await query(url, "select count(*)::int as n, sum(balance)::int as total from accounts")).toEqual([
    { n: ACCOUNTS, total: TOTAL },
  ]);
}

export async function stopped(sync: RunningCli): Promise<void> {
  sync.child.kill("SIGINT");
  expect((await sync.ended).code).toBe(0);
}
