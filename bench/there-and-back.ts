// Over to PostgreSQL under load, back to SQLite under load, and again: what the application waits at each switch, as it sees it itself,
// and whether anything is lost on the way.
//   npm run there-and-back -- [--size 50MB] [--rounds 10] [--rate 2000] [--writes 0] [--target postgres://…] [--json FILE]
// --writes: rows that are changed in PostgreSQL besides, in each round. Exit code 1 if anything was lost, or differs.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Database from "libsql";
import postgres from "postgres";
import { openEmbedded } from "../src/db/embedded.ts";
import type { Place, WriterState } from "./switching-writer.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const WRITER = fileURLToPath(new URL("switching-writer.ts", import.meta.url));
const ACCOUNTS = 10_000;
const BYTES_A_ROW = 230;

interface Round {
  readonly to: Place;
  /** What the application measured, ms. */
  readonly outsideMs: number;
  /** What the command reported, ms. */
  readonly reportedMs: number;
  readonly seconds: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { size: { type: "string", default: "50MB" }, rounds: { type: "string", default: "10" }, rate: { type: "string", default: "2000" }, writes: { type: "string", default: "0" }, target: { type: "string" }, json: { type: "string" } },
  });
  const directory = mkdtempSync(join(tmpdir(), "changeover-there-and-back-"));
  const embedded = values.target === undefined ? await openEmbedded({ directory: join(directory, "postgres") }) : null;
  const url = values.target ?? (await embedded?.database("there")) ?? "";
  const path = join(directory, "ledger.db");
  makeLedger(path, bytesOf(values.size));
  const run = new Journey({ directory, path, url, rate: values.rate });
  try {
    await run.command(["full", "--yes"]);
    const rounds = await run.rounds(Number(values.rounds), Number(values.writes));
    const result = { bytes: statSync(path).size, rate: Number(values.rate), writes: Number(values.writes), toPostgres: summary(rounds, "postgres"), toSqlite: summary(rounds, "sqlite"), acknowledged: run.acknowledged, rounds, wrong: run.wrong };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
    return run.wrong.length === 0 ? 0 : 1;
  } finally {
    await run.close();
    await embedded?.release();
    rmSync(directory, { recursive: true, force: true });
  }
}

class Journey {
  readonly wrong: string[] = [];
  readonly #path: string;
  readonly #sql: postgres.Sql;
  readonly #writer: ChildProcess;
  readonly #options: { readonly directory: string; readonly path: string; readonly url: string };
  #state: WriterState = { place: "sqlite", acknowledged: 0, switches: [], held: false };

  constructor(options: { readonly directory: string; readonly path: string; readonly url: string; readonly rate: string }) {
    this.#options = options;
    this.#path = options.path;
    this.#sql = postgres(options.url, { max: 2, onnotice: () => {} });
    this.#writer = fork(WRITER, [options.path, options.url, options.rate, String(ACCOUNTS)], { execArgv: ["--import", "jiti/register"] });
    this.#writer.on("message", (state: WriterState) => {
      this.#state = state;
    });
    this.#writer.once("close", (code) => {
      if (code !== 0) this.wrong.push(`the writer ended with ${code}`);
    });
  }

  get acknowledged(): number {
    return this.#state.acknowledged;
  }

  /** The first switch to PostgreSQL has happened; ends there. */
  async rounds(count: number, writes: number): Promise<Round[]> {
    const rounds: Round[] = [];
    for (let round = 1; round <= count; round++) {
      await this.#arrives("postgres");
      if (writes > 0) await this.#write(writes);
      const last = round === count;
      if (last) this.#writer.send("hold");
      rounds.push(await this.#switched("sqlite", ["rollback", "--yes", "--max-downtime", "10s"], last));
      if (last) this.#writer.send("go");
      await delay(500);
      await this.command(["sync", "--until", "caught-up"]);
      if (last) this.#writer.send("hold");
      rounds.push(await this.#switched("postgres", ["cutover", "--yes", "--max-downtime", "10s"], last));
      if (last) this.#writer.send("go");
      await delay(500);
      process.stderr.write(`${JSON.stringify(rounds.slice(-2))}\n`);
    }
    this.#writer.send("stop");
    await once(this.#writer, "close");
    await this.#nothingLost();
    return rounds;
  }

  async command(args: readonly string[]): Promise<{ readonly downtime_ms?: number }> {
    const { directory, path, url } = this.#options;
    const child = spawn(process.execPath, [BIN, ...args, "--source", path, "--target", url, "--json"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${out}${err}`);
    return JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as { downtime_ms?: number };
  }

  async close(): Promise<void> {
    this.#writer.kill("SIGKILL");
    await this.#sql.end({ timeout: 5 });
  }

  async #switched(to: Place, args: readonly string[], compare: boolean): Promise<Round> {
    const before = this.#state.switches.length;
    const started = performance.now();
    const { downtime_ms: downtimeMs = 0 } = await this.command(args);
    const seconds = (performance.now() - started) / 1_000;
    if (compare) {
      while (!this.#state.held) await delay(20);
      await this.#same(`after the switch to ${to}`);
      return { to, outsideMs: Number.NaN, reportedMs: downtimeMs, seconds };
    }
    while (this.#state.switches.length === before) await delay(20);
    return { to, outsideMs: this.#state.switches.at(-1)?.ms ?? 0, reportedMs: downtimeMs, seconds };
  }

  async #arrives(place: Place): Promise<void> {
    while (this.#state.place !== place) await delay(20);
    await delay(500);
  }

  /** Updates, inserts and deletes in transactions of a thousand rows, while a sync brings them back. */
  async #write(count: number): Promise<void> {
    const { directory, path, url } = this.#options;
    const sync = spawn(process.execPath, [BIN, "sync", "--source", path, "--target", url, "--quiet"], { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
    const [row] = await this.#sql<{ max: string }[]>`select max(id)::text from entries`;
    const most = Number(row?.max ?? 0);
    for (let written = 0; written < count; ) {
      const from = Math.floor(Math.random() * Math.max(1, most - 1_000));
      const kind = Math.random();
      const done =
        kind < 0.6
          ? await this.#sql`update entries set note = md5(note || ${written}), at = at + interval '1 millisecond' where id between ${from} and ${from + 999}`
          : kind < 0.9
            ? await this.#sql`insert into entries(account, note, at) select 1 + i % ${ACCOUNTS}, 'made in PostgreSQL ' || i, date_trunc('milliseconds', now()) from generate_series(1, 1000) i`
            : await this.#sql`delete from entries where id between ${from} and ${from + 99} and writer_n is null`;
      written += done.count;
    }
    sync.kill("SIGINT");
    await once(sync, "close");
  }

  /** Every row of both sides, in a form that neither engine makes for us. */
  async #same(when: string): Promise<void> {
    const there = createHash("sha256");
    const database = new Database(this.#path, { readonly: true });
    let rows = 0;
    for (const row of database.prepare("SELECT id || '|' || coalesce(writer_n, '') || '|' || account || '|' || note || '|' || substr(at, 1, 23) AS line FROM entries ORDER BY id").raw().iterate()) {
      there.update(`${String((row as unknown[])[0])}\n`);
      rows++;
    }
    const [sum] = database.prepare("SELECT sum(balance * id) FROM accounts").raw().all() as unknown[][];
    database.close();
    const here = createHash("sha256");
    for await (const page of this.#sql<{ line: string }[]>`select id || '|' || coalesce(writer_n::text, '') || '|' || account || '|' || note || '|' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as line from entries order by id`.cursor(5_000)) for (const { line } of page) here.update(`${line}\n`);
    const [target] = await this.#sql<{ sum: string }[]>`select sum(balance * id)::text as sum from accounts`;
    const equal = there.digest("hex") === here.digest("hex") && Number(sum?.[0]) === Number(target?.sum);
    process.stderr.write(`${when}: ${rows} rows, ${equal ? "equal" : "DIFFERENT"}\n`);
    if (!equal) this.wrong.push(`${when} the databases differ`);
  }

  async #nothingLost(): Promise<void> {
    const [row] = await this.#sql<{ rows: string; distinct: string; most: string; paid: string }[]>`select count(writer_n)::text as rows, count(distinct writer_n)::text as distinct, coalesce(max(writer_n), 0)::text as most, (select sum(balance)::text from accounts) as paid from entries`;
    const expected = String(this.acknowledged);
    for (const [name, value] of Object.entries(row ?? {})) if (value !== expected) this.wrong.push(`${expected} writes were acknowledged; ${name}: ${value}`);
  }
}

function makeLedger(path: string, bytes: number): void {
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE accounts(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL); CREATE TABLE entries(id INTEGER PRIMARY KEY AUTOINCREMENT, writer_n INTEGER UNIQUE, account INTEGER NOT NULL REFERENCES accounts(id), note TEXT NOT NULL, at DATETIME NOT NULL)");
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS}) INSERT INTO accounts SELECT i, 'owner ' || i, 0 FROM n`);
  const rows = Math.ceil(bytes / BYTES_A_ROW);
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO entries(account, note, at) SELECT 1 + i % ${ACCOUNTS}, hex(randomblob(80)) || i, strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i, 'unixepoch') FROM n`);
  database.close();
}

function summary(rounds: readonly Round[], to: Place): { readonly medianMs: number; readonly worstMs: number; readonly switches: number } {
  const times = rounds.filter((round) => round.to === to && !Number.isNaN(round.outsideMs)).map(({ outsideMs }) => outsideMs).sort((a, b) => a - b);
  return { medianMs: Math.round(times[Math.floor(times.length / 2)] ?? 0), worstMs: Math.round(times.at(-1) ?? 0), switches: times.length };
}

function bytesOf(size: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(MB|GB)$/i.exec(size) ?? [];
  if (number === "") throw new RangeError(`--size ${size}: write 50MB or 5GB`);
  return Number(number) * (unit.toUpperCase() === "GB" ? 1e9 : 1e6);
}

process.exitCode = await main();
