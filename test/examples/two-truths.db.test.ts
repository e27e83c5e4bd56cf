import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Client, createClient } from "@libsql/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generate } from "../../examples/two-truths/generate.ts";
import { expectedRows, readJournal } from "../../examples/two-truths/journal.ts";
import { keepWriting } from "../../examples/two-truths/keep-writing.ts";

const TABLES = ["users", "challenges", "guesses", "game_sessions", "token_transactions"];
const USERS = 200;

let directory: string;
let db: string;
let journal: string;
let client: Client | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "two-truths-"));
  db = join(directory, "game.db");
  journal = join(directory, "writes.jsonl");
});

afterEach(() => {
  client?.close();
  client = undefined;
  rmSync(directory, { recursive: true });
});

describe("generate", () => {
  it("makes the same rows from the same seed, and others from another", async () => {
    const paths = ["a.db", "b.db", "c.db"].map((name) => join(directory, name));
    const digests: string[] = [];
    for (const [i, out] of paths.entries()) {
      await generate({ users: 50, out, seed: i < 2 ? 7 : 8 });
      digests.push(await digest(out));
    }
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });

  it.each([4, 5, 37, 1000])("makes a database that agrees with itself, %i users", async (users) => {
    const counts = await generate({ users, out: db });
    expect(counts["users"]).toBe(users);
    await expectSound(users);
    expect(
      await scalar(
        "SELECT count(*) FROM users u WHERE balance <> 1000 + (SELECT sum(amount) FROM token_transactions " +
          "WHERE user_id = u.id)",
      ),
    ).toBe(0);
    expect(await scalar("SELECT count(*) FROM token_transactions")).toBe(users * 8);
    expect(await scalar("PRAGMA journal_mode")).toBe("wal");
    expect(await scalar("SELECT seq - (SELECT max(id) FROM users) FROM sqlite_sequence WHERE name = 'users'")).toBe(17);
  });

  it("leaves a file that is there alone, and none behind when it fails", async () => {
    await generate({ users: 4, out: db });
    await expect(generate({ users: 4, out: db })).rejects.toThrow(/exists already/);
    expect(await scalar("SELECT count(*) FROM users")).toBe(4);
    await expect(generate({ users: 3, out: join(directory, "no.db") })).rejects.toThrow(/4 users/);
    expect(existsSync(join(directory, "no.db"))).toBe(false);
  });
});

describe("writer", () => {
  beforeEach(async () => {
    await generate({ users: USERS, out: db });
  });

  it("keeps the sum of balances, and all that its journal says is in the database", async () => {
    const summary = await keepWriting({ db, journal, seconds: 1.5, seed: 11 });
    expect(summary).toMatchObject({ failed: 0, refused: 0, first_failure_message: null });
    const entries = readJournal(journal);
    expect(entries.map((entry) => ("n" in entry ? entry.n : null))).toEqual(
      Array.from({ length: summary.committed }, (_, i) => i + 1),
    );
    expect(new Set(entries.map(({ kind }) => kind)).size).toBe(13);
    await expectSound(USERS);
    await expectJournalled();
  });

  it("keeps to its rate", async () => {
    const { committed } = await keepWriting({ db, rate: 100, seconds: 1, seed: 1 });
    expect(committed).toBeGreaterThan(60);
    expect(committed).toBeLessThan(115);
  });

  it("counts what the fence refuses, and goes on when it is down", async () => {
    const writing = keepWriting({ db, journal, rate: 500, seconds: 2, seed: 5 });
    await delay(500);
    await fence("up");
    await delay(600);
    await fence("down");
    const summary = await writing;
    expect(summary.first_refusal_message).toContain("CHANGEOVER_FENCED");
    expect(summary.failed).toBe(0);
    expect(summary.refused).toBeGreaterThan(2);
    expect(summary.refused).toBeLessThan(20);
    expect(summary.longest_outage_ms).toBeGreaterThan(400);
    const entries = readJournal(journal);
    expect(entries.filter((entry) => "refused" in entry)).toHaveLength(summary.refused);
    expect("n" in (entries.at(-1) ?? {})).toBe(true);
    await expectSound(USERS);
    await expectJournalled();
  });

  it("ends at the fence when told so", async () => {
    await fence("up");
    expect(await keepWriting({ db, stopWhenFenced: true, seed: 5 })).toMatchObject({ committed: 0, refused: 1 });
  });

  it("is held up by another writer, and loses nothing", async () => {
    await holdUp("write");
  });

  it("is held up by a reader of a rollback-journal database, and loses nothing", async () => {
    await open().execute("PRAGMA journal_mode = DELETE");
    await holdUp("read");
  });

  it("as a process: ends at SIGTERM with one line of JSON", async () => {
    const script = fileURLToPath(new URL("../../dist/examples/two-truths/writer.js", import.meta.url));
    if (!existsSync(script)) throw new Error("build first: npm run build");
    const child = spawn(process.execPath, [script, "--db", db, "--journal", journal, "--quiet"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    while (!existsSync(journal) || readJournal(journal).length < 50) await delay(20);
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    const { committed } = JSON.parse(output) as { committed: number };
    expect(readJournal(journal)).toHaveLength(committed);
    await expectSound(USERS);
    await expectJournalled();
  });
});

/** Another connection holds a lock for a while; afterwards the writer must get going again. */
async function holdUp(mode: "read" | "write"): Promise<void> {
  const writing = keepWriting({ db, journal, rate: 500, seconds: 2.5, seed: 9, busyTimeout: 20 });
  await delay(300);
  const tx = await open().transaction(mode);
  await tx.execute("SELECT count(*) FROM users");
  await delay(500);
  await tx.rollback();
  const released = Date.now();
  const summary = await writing;
  expect(summary.busy).toBeGreaterThan(0);
  expect(summary.failed).toBe(0);
  expect(summary.longest_wait_ms).toBeGreaterThan(300);
  expect(readJournal(journal).filter(({ at }) => at > released + 200).length).toBeGreaterThan(50);
  await expectSound(USERS);
  await expectJournalled();
}

/** The triggers by which changeover closes a database to writes. */
async function fence(direction: "up" | "down"): Promise<void> {
  const statements = TABLES.flatMap((table) =>
    ["INSERT", "UPDATE", "DELETE"].map((event) =>
      direction === "up"
        ? `CREATE TRIGGER fence_${table}_${event} BEFORE ${event} ON ${table} BEGIN ` +
          "SELECT RAISE(ABORT, 'CHANGEOVER_FENCED state=cut-over: this database has moved to PostgreSQL'); END"
        : `DROP TRIGGER fence_${table}_${event}`,
    ),
  );
  await open().batch(statements, "write");
}

async function expectSound(users: number): Promise<void> {
  expect(await scalar("SELECT sum(balance) FROM users")).toBe(users * 1000);
  expect(await scalar("SELECT sum(amount) FROM token_transactions")).toBe(0);
  expect(
    await scalar(
      "SELECT count(*) FROM guesses g JOIN challenges c ON c.id = challenge_id " +
        "WHERE correct <> json_extract(statements, '$[' || guessed_index || '].lie')",
    ),
  ).toBe(0);
  expect(await scalar("SELECT count(*) FROM challenges WHERE status = 'published' AND published_at IS NULL")).toBe(0);
  expect((await open().execute("PRAGMA foreign_key_check")).rows).toHaveLength(0);
  expect(await scalar("PRAGMA integrity_check")).toBe("ok");
}

async function expectJournalled(): Promise<void> {
  for (const [table, rows] of expectedRows(readJournal(journal))) {
    const found = new Map((await open().execute(`SELECT * FROM ${table}`)).rows.map((row) => [String(row["id"]), row]));
    for (const [id, values] of rows) {
      const row = found.get(id);
      if (values === null) expect(row, `${table} ${id}`).toBeUndefined();
      else expect(row, `${table} ${id}`).toMatchObject(values);
    }
  }
}

async function digest(path: string): Promise<string> {
  const reader = createClient({ url: pathToFileURL(path).href });
  const hash = createHash("sha256");
  for (const table of TABLES)
    hash.update(JSON.stringify((await reader.execute(`SELECT * FROM ${table} ORDER BY id`)).rows));
  reader.close();
  return hash.digest("hex");
}

async function scalar(sql: string): Promise<unknown> {
  return (await open().execute(sql)).rows[0]?.[0];
}

function open(): Client {
  client ??= createClient({ url: pathToFileURL(db).href, timeout: 5_000, concurrency: 1 });
  return client;
}
