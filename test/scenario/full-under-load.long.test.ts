import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { generate } from "../../examples/two-truths/generate.ts";
import { expectedRows, readJournal } from "../../examples/two-truths/journal.ts";
import { openTarget } from "../../src/target/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const WRITER = fileURLToPath(new URL("../../dist/examples/two-truths/writer.js", import.meta.url));
const MIGRATIONS = fileURLToPath(new URL("../../examples/two-truths/migrations", import.meta.url));
const USERS = 1_500;

it("moves a database under full load: the total is constant at every read, and no acknowledged write is lost", {
  timeout: 120_000,
}, async () => {
  const cwd = temporaryDirectory();
  const source = join(cwd, "game.db");
  const journal = join(cwd, "journal.jsonl");
  await generate({ users: USERS, out: source });
  const target = await emptyDatabase();
  const writer = startWriter(["--db", source, "--rate", "0", "--journal", journal]);
  const ends = ["--source", source, "--target", target, "--migrations-dir", MIGRATIONS];
  const full = startCli(["full", "--yes", ...ends, "--json"], { cwd });
  const totals = watchTotal(target, full.ended);

  const result = await full.ended;
  await new Promise((resolve) => setTimeout(resolve, 500));
  writer.child.kill("SIGTERM");
  const summary = JSON.parse((await writer.ended).trim().split("\n").at(-1) ?? "{}") as {
    committed: number;
    refused: number;
    first_refusal_message: string;
  };

  expect(result.stderr + result.stdout).not.toContain("error:");
  expect(result.code).toBe(0);
  const document = JSON.parse(result.stdout) as {
    ok: boolean;
    downtime_ms: number;
    verified: { rows: number; differences: number };
    phase: string;
  };
  expect(document).toMatchObject({ ok: true, phase: "cut-over", verified: { differences: 0 } });
  expect(document.downtime_ms).toBeLessThan(2_000);

  const read = await totals;
  expect(read.length).toBeGreaterThan(20);
  expect([...new Set(read)]).toEqual([String(USERS * 1_000)]);

  expect(summary.committed).toBeGreaterThan(500);
  expect(summary.refused).toBeGreaterThan(0);
  expect(summary.first_refusal_message).toContain("CHANGEOVER_FENCED");
  await expectAcknowledged(target, journal);

  const check = await runCli(["check", ...ends, "--json"], { cwd });
  expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, differences: 0 });
});

/** Reads the sum of all balances from the first catch-up on, as fast as it goes, until the run has ended. */
async function watchTotal(url: string, ended: Promise<unknown>): Promise<string[]> {
  const target = openTarget({ url });
  const session = await target.session();
  const state = { over: false };
  void ended.finally(() => {
    state.over = true;
  });
  const read: string[] = [];
  while (!state.over) {
    const [run] = await session.rows<{ there: boolean }>("select to_regclass('changeover.run') is not null as there");
    const caughtUp =
      run?.there === true ? await session.rows("select from changeover.run where first_caught_up is not null") : [];
    if (caughtUp.length > 0) {
      const [row] = await session.rows<{ total: string }>("select sum(balance)::text as total from users");
      read.push(row?.total ?? "");
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await target.close();
  return read;
}

/** Every value that the writer was told had committed stands in the target. */
async function expectAcknowledged(url: string, journal: string): Promise<void> {
  const expected = expectedRows(readJournal(journal));
  for (const [table, rows] of expected) {
    const arrived = await query<{ id: string; balance?: string; email?: string }>(
      url,
      `select *, id::text as id from ${table}`,
    );
    const byId = new Map(arrived.map((row) => [row.id, row]));
    const wrong: string[] = [];
    for (const [id, values] of rows) {
      const row = byId.get(id) as Record<string, unknown> | undefined;
      if ((values === null) !== (row === undefined))
        wrong.push(`${table} ${id}: ${values === null ? "should be gone" : "is missing"}`);
      for (const column of ["balance", "email", "amount", "view_count", "title"]) {
        if (
          values !== null &&
          row !== undefined &&
          values[column] !== undefined &&
          String(values[column]) !== String(row[column])
        )
          wrong.push(`${table} ${id}: ${column}`);
      }
    }
    expect(wrong).toEqual([]);
  }
}

function startWriter(args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<string> } {
  const child = spawn(process.execPath, [WRITER, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  return { child, ended: new Promise((resolve) => child.once("close", () => resolve(stdout))) };
}
