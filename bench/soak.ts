// A long run under load: a writer that keeps an invariant, and a sync that is killed every few seconds. Draws a chart.
//   npm run soak -- [--minutes 30] [--rate 2000] [--kill-every 7] [--target postgres://…] [--svg docs/soak.svg]
// Needs Linux: memory of the command comes from /proc. Exit code 1 if anything was lost or doubled, or a sum was wrong.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Database from "libsql";
import { openEmbedded } from "../src/embedded/embedded.ts";
import { openMigration } from "../src/migration.ts";
import { usedBytes } from "../src/source/wal-guard.ts";
import { openTarget, type TargetSession } from "../src/target/target.ts";
import { drawSoak } from "./draw-soak.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const WRITER = fileURLToPath(new URL("soak-writer.ts", import.meta.url));
const ACCOUNTS = 20_000;
const EACH = 1_000;
const SAMPLE_MS = 500;

/** One sample. */
export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  /** Entries of the change log that are not replayed yet. */
  readonly lag: number;
  readonly logEntries: number;
  readonly residentMb: number;
  readonly walMb: number;
  readonly committed: number;
  /** The writer's longest transaction since the last sample, ms. */
  readonly longestMs: number;
}

interface WriterReport {
  readonly committed: number;
  readonly longestMs: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "30" },
      rate: { type: "string", default: "2000" },
      "kill-every": { type: "string", default: "7" },
      target: { type: "string" },
      svg: { type: "string", default: "docs/soak.svg" },
    },
  });
  const directory = mkdtempSync(join(tmpdir(), "changeover-soak-"));
  const embedded = values.target === undefined ? await openEmbedded({ directory: join(directory, "postgres") }) : null;
  const url = values.target ?? (await embedded?.database("soak")) ?? "";
  const path = join(directory, "bank.db");
  makeBank(path);
  const target = openTarget({ url });
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(directory, "migrations") });
  try {
    await migration.schema({ write: true });
    await migration.migrations.up();
    const soak = new Soak({ directory, path, url, session: await target.session() });
    const seconds = Number(values.minutes) * 60;
    await soak.run({ seconds, rate: Number(values.rate), killEvery: Number(values["kill-every"]) });
    const check = await migration.check();
    const wrong = [...soak.wrong, ...(check.ok ? [] : [`check found ${check.differences} differences`])];
    writeFileSync(values.svg, drawSoak(soak.samples, { kills: soak.kills, rate: Number(values.rate) }));
    const last = soak.samples.at(-1);
    process.stdout.write(
      JSON.stringify({
        seconds,
        transactions: last?.committed,
        kills: soak.kills,
        sums: soak.sums,
        rows: check.rows,
        differences: check.differences,
        wrong,
        peak: soak.peak(),
      }) + "\n",
    );
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await migration.close();
    await target.close();
    await embedded?.release();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface SoakOptions {
  readonly directory: string;
  readonly path: string;
  readonly url: string;
  readonly session: TargetSession;
}

class Soak {
  readonly samples: Sample[] = [];
  readonly wrong: string[] = [];
  kills = 0;
  /** How often the target's sum was checked. */
  sums = 0;
  readonly #options: SoakOptions;
  readonly #log: InstanceType<typeof Database>;
  #writer: WriterReport = { committed: 0, longestMs: 0 };
  #sync: ChildProcess | null = null;

  constructor(options: SoakOptions) {
    this.#options = options;
    this.#log = new Database(options.path);
  }

  async run({
    seconds,
    rate,
    killEvery,
  }: {
    readonly seconds: number;
    readonly rate: number;
    readonly killEvery: number;
  }): Promise<void> {
    const writer = fork(WRITER, [this.#options.path, String(rate), String(ACCOUNTS)], {
      execArgv: ["--import", "jiti/register"],
      serialization: "json",
    });
    writer.on("message", (report: WriterReport) => {
      this.#writer = { committed: report.committed, longestMs: Math.max(this.#writer.longestMs, report.longestMs) };
    });
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1_000;
    let killAt = killEvery * 2;
    this.#start();
    while (elapsed() < seconds) {
      await delay(SAMPLE_MS);
      await this.#sample(elapsed());
      if (elapsed() > killAt) {
        await this.#kill();
        killAt = elapsed() + killEvery * (0.5 + Math.random());
        this.#start();
      }
    }
    writer.send("stop");
    await once(writer, "close");
    await this.#kill();
    this.#log.close();
    const end = spawn(process.execPath, [BIN, "sync", "--until", "caught-up", ...this.#ends(), "--quiet"], {
      cwd: this.#options.directory,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [code] = (await once(end, "close")) as [number | null];
    if (code !== 0) this.wrong.push(`the last catch-up ended with ${code}`);
  }

  peak(): Omit<Sample, "at" | "committed"> {
    const most = (of: (sample: Sample) => number) => Math.round(Math.max(...this.samples.map(of)) * 10) / 10;
    return {
      lag: most(({ lag }) => lag),
      logEntries: most(({ logEntries }) => logEntries),
      residentMb: most(({ residentMb }) => residentMb),
      walMb: most(({ walMb }) => walMb),
      longestMs: most(({ longestMs }) => longestMs),
    };
  }

  #ends(): string[] {
    return ["--source", this.#options.path, "--target", this.#options.url];
  }

  #start(): void {
    this.#sync = spawn(process.execPath, [BIN, "sync", ...this.#ends(), "--quiet"], {
      cwd: this.#options.directory,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const its = this.#sync;
    let said = "";
    its.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
    its.once("close", (code) => {
      if (code !== null) this.wrong.push(`a sync ended by itself with ${code}: ${said.trim()}`);
    });
  }

  async #kill(): Promise<void> {
    const its = this.#sync;
    if (its === null || its.exitCode !== null) return;
    const closed = once(its, "close");
    its.kill("SIGKILL");
    await closed;
    this.kills++;
  }

  async #sample(at: number): Promise<void> {
    const { session, path } = this.#options;
    const [run] = await session
      .rows<{ watermark: string; caught_up: boolean }>(
        "select watermark::text, first_caught_up is not null as caught_up from changeover.run",
      )
      .catch(() => []);
    if (run?.caught_up === true) {
      const [row] = await session.rows<{ total: string }>("select sum(balance)::text as total from accounts");
      this.sums++;
      if (row?.total !== String(ACCOUNTS * EACH))
        this.wrong.push(`at ${at.toFixed(1)} s the sum in the target was ${row?.total ?? "none"}`);
    }
    const log = this.#logged();
    this.samples.push({
      at,
      lag: run === undefined ? 0 : Math.max(0, log.last - Number(run.watermark)),
      logEntries: log.entries,
      residentMb: residentBytes(this.#sync) / 2 ** 20,
      walMb: usedBytes(`${path}-wal`) / 2 ** 20,
      ...this.#writer,
    });
    this.#writer = { ...this.#writer, longestMs: 0 };
  }

  #logged(): { last: number; entries: number } {
    try {
      const row = this.#log
        .prepare("SELECT max(seq) AS last, max(seq) - min(seq) + 1 AS entries FROM _changeover_log")
        .get() as { last: number | null; entries: number | null };
      return { last: row.last ?? 0, entries: row.entries ?? 0 };
    } catch {
      return { last: 0, entries: 0 };
    }
  }
}

function makeBank(path: string): void {
  const database = new Database(path);
  database.exec(
    "PRAGMA journal_mode = WAL; CREATE TABLE accounts(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance " +
      "INTEGER NOT NULL); CREATE TABLE transfers(id TEXT PRIMARY KEY NOT NULL, sender INTEGER NOT NULL, receiver " +
      "INTEGER NOT NULL, amount INTEGER NOT NULL)",
  );
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS}) INSERT INTO accounts ` +
      `SELECT i, 'owner ' || i, ${EACH} FROM n`,
  );
  database.close();
}

function residentBytes(child: ChildProcess | null): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child?.pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

process.exitCode = await main();
