import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@libsql/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const ACCOUNTS = 100;

const BANK = `
  CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
  CREATE TABLE transfers(id INTEGER PRIMARY KEY AUTOINCREMENT, sender INTEGER NOT NULL REFERENCES accounts(id),
    amount REAL, at DATETIME);
  CREATE TABLE seats(number INTEGER PRIMARY KEY, guest TEXT UNIQUE);
  CREATE TABLE words(word TEXT PRIMARY KEY NOT NULL, seen INTEGER NOT NULL, note BLOB);
  CREATE TABLE scratch(id INTEGER PRIMARY KEY, v TEXT);
  CREATE TABLE visits(page TEXT, seconds REAL);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS}) INSERT INTO accounts
    SELECT i, 100 FROM n;
  INSERT INTO seats SELECT id, 'guest ' || id FROM accounts;
  INSERT INTO words SELECT 'word ' || id, id, x'00ff' FROM accounts;
  INSERT INTO scratch SELECT id, 'v' || id FROM accounts;
  INSERT INTO visits SELECT '/' || (id % 7), id / 3.0 FROM accounts;
  INSERT INTO transfers(sender, amount, at) SELECT id, id / 7.0, '2024-01-01T00:00:00.' || printf('%03d', id) || 'Z'
    FROM accounts;
`;

const FENCED = /CHANGEOVER_FENCED/;

/** Writers of an application on PostgreSQL: transactions that overlap, and commit in another order than they wrote. */
function startWriters(
  url: string,
  count: number,
): { readonly stop: () => Promise<void>; readonly committed: () => number; readonly fenced: () => number } {
  let stopped = false;
  let committed = 0;
  let fenced = 0;
  const target = openTarget({ url });
  const random = (n: number) => 1 + Math.floor(Math.random() * n);
  const writer = async () => {
    const session = await target.session();
    while (!stopped) {
      const [a, b, word] = [random(ACCOUNTS), random(ACCOUNTS), random(300)];
      const pause = Math.random() < 0.2 ? `select pg_sleep(${Math.random() * 0.06})` : "select 1";
      const writes = [
        `update accounts set balance = balance - 1 where id = ${Math.min(a, b)}; ${pause}; update accounts ` +
          `set balance = balance + 1 where id = ${Math.max(a, b)}; insert into transfers(sender, amount, at) ` +
          `values (${a}, ${Math.random()}, clock_timestamp())`,
        `insert into words values ('word ${word}', 1, '\\x${word.toString(16).padStart(4, "0")}') on conflict ` +
          "(word) do update set seen = words.seen + 1",
        `delete from words where word = 'word ${word}'; ${pause}`,
        `update words set word = word || '!' where word = 'word ${word}'`,
        `update seats set guest = null where number in (${a}, ${b}); update seats set guest = 'guest ' || ` +
          `(case number when ${a} then ${b} else ${a} end) || ' of ${word}.${Math.random()}' where number in ` +
          `(${a}, ${b})`,
        `with two as (select number, guest from seats where number in (${a}, ${b}) for update), ` +
          `off as (update seats set guest = 'tmp ' || number || '${Math.random()}' ` +
          "where number in (select number from two)) select 1",
        `insert into visits values ('/new', ${Math.random()}); delete from visits where seconds < 0.01; ` +
          "update visits set seconds = seconds + 1 where page = '/3' and seconds < 5",
        ...(Math.random() < 0.05
          ? [
              `truncate scratch; insert into scratch select i, 'again ${word}' ` +
                `from generate_series(1, ${word}) i; ${pause}`,
            ]
          : [`insert into scratch values (${word}, 'x') on conflict (id) do update set v = excluded.v || scratch.id`]),
      ];
      await session
        .run(`begin; ${writes[random(writes.length) - 1] ?? ""}; ${writes[random(writes.length) - 1] ?? ""}; commit`)
        .then(
          () => committed++,
          async (error: unknown) => {
            if (session.alive) await session.run("rollback").catch(() => {});
            if (stopped) return;
            if (FENCED.test(String(error))) {
              fenced++;
              await delay(20);
            } else if (!/deadlock|duplicate key/.test(String(error))) throw error;
          },
        );
    }
  };
  const running = Array.from({ length: count }, writer);
  for (const one of running) one.catch(() => {});
  onTestFinished(() => {
    stopped = true;
    return target.close();
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
    committed: () => committed,
    fenced: () => fenced,
  };
}

/** Each table as sorted lines, from either side; it knows nothing of how values travel. */
const TABLES: readonly (readonly [table: string, sqlite: string, postgres: string])[] = [
  ["accounts", "id || '|' || balance", "id || '|' || balance"],
  [
    "transfers",
    "id || '|' || sender || '|' || hex(CAST(printf('%.9f', amount) AS BLOB)) || '|' || " +
      "substr(replace(rtrim(at, 'Z'), 'T', ' ') || '000', 1, 26)",
    "id || '|' || sender || '|' || upper(encode(to_char(amount, 'FM999990.000000000')::bytea, " +
      "'hex')) || '|' || to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
  ],
  ["seats", "number || '|' || coalesce(guest, '-')", "number || '|' || coalesce(guest, '-')"],
  ["words", "word || '|' || seen || '|' || lower(hex(note))", "word || '|' || seen || '|' || encode(note, 'hex')"],
  ["scratch", "id || '|' || v", "id || '|' || v"],
  ["visits", "page || '|' || printf('%.9f', seconds)", "page || '|' || to_char(seconds, 'FM999999990.000000000')"],
];

async function expectEqual(application: Client, url: string): Promise<void> {
  for (const [table, sqlite, postgres] of TABLES) {
    const there = (await application.execute(`SELECT ${sqlite} AS line FROM ${table}`)).rows
      .map(({ line }) => String(line))
      .sort();
    const here = (await query<{ line: string }>(url, `select ${postgres} as line from ${table}`))
      .map(({ line }) => line)
      .sort();
    expect({ table, rows: there.filter((line) => !here.includes(line)).slice(0, 5) }).toEqual({ table, rows: [] });
    expect({ table, rows: there.length }).toEqual({ table, rows: here.length });
  }
}

describe("the failback under load", () => {
  it("shows only states that PostgreSQL had, survives kill -9 at any moment, and returns with every write", {
    timeout: 240_000,
  }, async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(BANK);
    const url = await emptyDatabase();
    const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
    expect((await runCli(["full", "--yes", "--quiet"], { cwd, env })).code).toBe(0);
    const writers = startWriters(url, 4);
    let looks = 0;
    let looking = true;
    const watch = (async () => {
      for (; looking; looks++) {
        const { rows } = await application.execute("SELECT sum(balance) AS total, count(*) AS n FROM accounts");
        expect(rows[0]).toMatchObject({ total: BigInt(ACCOUNTS * 100), n: BigInt(ACCOUNTS) });
        await expect(application.execute("UPDATE accounts SET balance = 0")).rejects.toThrow(FENCED);
        await delay(10);
      }
    })();
    // Else what fails below would be reported as this loop's client being closed.
    watch.catch(() => {});
    for (let round = 0; round < 6; round++) {
      const sync = startCli(["sync", "--json"], { cwd, env });
      await sync.saw(/"direction":"back"/);
      await delay(Math.random() * 1_500);
      sync.child.kill("SIGKILL");
      await sync.ended;
    }
    looking = false;
    await watch;
    expect(looks).toBeGreaterThan(50);
    const check = await runCli(["check", "--json"], { cwd, env });
    expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, differences: 0 });
    const before = writers.committed();
    const rollback = await runCli(["rollback", "--yes", "--json", "--max-downtime", "10s"], { cwd, env });
    expect(rollback.stderr).not.toContain("error:");
    expect(JSON.parse(rollback.stdout)).toMatchObject({ ok: true, phase: "returned" });
    await writers.stop();
    expect(writers.committed()).toBeGreaterThan(before);
    expect(writers.fenced()).toBeGreaterThan(0);
    await expectEqual(application, url);
    await application.execute("UPDATE accounts SET balance = balance + 1 WHERE id = 1");
  });
});
