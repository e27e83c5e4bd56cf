import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import type { MemoryPhase } from "./downtime.ts";
import { ACCOUNTS } from "./ledger.ts";
import { isSame, written } from "./ledger-sides.ts";
import { mustMeasure } from "./measure.ts";
import { PhaseClock, type Phases } from "./phase-clock.ts";
import { type Memory, maxOf } from "./process-memory.ts";
import type { Place, WriterState } from "./switching-writer.ts";

const BIN = fileURLToPath(new URL("../bin/changeover.js", import.meta.url));
const WRITER = fileURLToPath(new URL("switching-writer.ts", import.meta.url));

export interface Switch {
  /**
   * Time from the last write that one side accepted to the first one of the other side, as measured by the application,
   * ms.
   */
  readonly outsideMs: number;
  /** Downtime that the command reported, ms. */
  readonly reportedMs: number;
  /** Duration of the command. */
  readonly seconds: number;
  readonly load: number;
}

export interface Round {
  readonly cutover: Switch;
  readonly return: Switch;
}

export interface JourneyOptions {
  readonly directory: string;
  readonly path: string;
  readonly url: string;
  readonly rate: string;
}

export interface RoundsOptions {
  readonly count: number;
  readonly writes: number;
  /** Time of `performance.now()` at which the last round should be done. */
  readonly until: number;
}

// Time under load on the new side.
const STAY_MS = 1_000;

const PHASES: Readonly<Record<keyof Phases, MemoryPhase>> = {
  start: "look",
  look: "look",
  copy: "copy",
  indexes: "copy",
  verify: "verify",
  rest: "cutover",
};

/** A database that moves to PostgreSQL and back, by the command line, with an application that follows it. */
export class SwitchingJourney {
  readonly wrong: string[] = [];
  readonly #options: JourneyOptions;
  readonly #sql: postgres.Sql;
  readonly #writer: ChildProcess;
  readonly #memory: Partial<Record<MemoryPhase, Memory>> = {};
  #state: WriterState = { place: "sqlite", acknowledged: 0, switches: [], held: false, seconds: 0 };

  constructor(options: JourneyOptions) {
    this.#options = options;
    this.#sql = postgres(options.url, { max: 2, onnotice: () => {} });
    this.#writer = fork(WRITER, [options.path, options.url, options.rate, String(ACCOUNTS)], {
      execArgv: ["--import", "jiti/register"],
    });
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

  /** Acknowledged writes per second, without pauses. */
  get reached(): number {
    return this.#state.acknowledged / this.#state.seconds;
  }

  get memory(): Record<MemoryPhase, Memory> {
    const none: Memory = { largest: 0, together: 0 };
    return { look: none, copy: none, verify: none, cutover: none, return: none, ...this.#memory };
  }

  /** Rounds of a cutover and a failback; after the last ones both sides are compared. */
  async rounds({ count, writes, until }: RoundsOptions): Promise<Round[]> {
    const rounds: Round[] = [];
    while (this.#state.acknowledged === 0) await this.#wait();
    for (let round = 1, isLast = false; !isLast; round++) {
      const started = performance.now();
      const durationMs = rounds.reduce(
        (most, one) => Math.max(most, (one.cutover.seconds + one.return.seconds) * 1_000),
        0,
      );
      isLast = round === count || (round > 1 && started + 2 * durationMs > until);
      if (round > 1) await this.#command(["sync", "--until", "caught-up"]);
      const cutover = await this.#switch(
        "postgres",
        [round === 1 ? "full" : "cutover", "--yes", "--max-downtime", "10s"],
        isLast,
      );
      if (writes > 0) await this.#write(writes);
      rounds.push({
        cutover,
        return: await this.#switch("sqlite", ["rollback", "--yes", "--max-downtime", "10s"], isLast),
      });
      process.stderr.write(`${JSON.stringify(rounds.at(-1))}\n`);
    }
    this.#writer.send("stop");
    await once(this.#writer, "close");
    for (const [what, found] of Object.entries(written(this.#options.path)))
      if (found !== this.acknowledged)
        this.wrong.push(`${this.acknowledged} writes were acknowledged; ${what}: ${found}`);
    return rounds;
  }

  async close(): Promise<void> {
    this.#writer.kill("SIGKILL");
    await this.#sql.end({ timeout: 5 });
  }

  async #command(args: readonly string[]): Promise<{ readonly seconds: number; readonly downtimeMs: number }> {
    const { directory, path, url } = this.#options;
    const clock = new PhaseClock();
    const phase = () => (args[0] === "rollback" ? "return" : PHASES[clock.phase]);
    const { memory, seconds, stdout } = await mustMeasure(
      process.execPath,
      [BIN, ...args, "--source", path, "--target", url, "--json"],
      { cwd: directory, onLine: (line) => clock.saw(line), phase },
    );
    for (const [name, taken] of Object.entries(memory) as [MemoryPhase, Memory][])
      this.#memory[name] = maxOf(this.#memory[name], taken);
    const { downtime_ms: downtimeMs = 0 } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as {
      downtime_ms?: number;
    };
    return { seconds, downtimeMs };
  }

  /** `compare`: the application pauses after its first accepted write until both sides are compared. */
  async #switch(to: Place, args: readonly string[], compare: boolean): Promise<Switch> {
    const before = this.#state.switches.length;
    if (compare) this.#writer.send("hold");
    const { downtimeMs, seconds } = await this.#command(args);
    const load = loadavg()[0] ?? 0;
    while (this.#state.switches.length === before || (compare && !this.#state.held)) await this.#wait();
    const last = this.#state.switches.at(-1);
    if (last?.to !== to) throw new Error(`${args[0] ?? ""} ended, and the application is not at ${to}`);
    if (compare) {
      const { equal, rows } = await isSame({ path: this.#options.path, sql: this.#sql, upTo: this.acknowledged });
      process.stderr.write(`after the switch to ${to}: ${rows} rows, ${equal ? "equal" : "DIFFERENT"}\n`);
      if (!equal) this.wrong.push(`after the switch to ${to} the databases differ`);
      this.#writer.send("go");
    }
    await delay(STAY_MS);
    return { outsideMs: last.ms, reportedMs: downtimeMs, seconds, load };
  }

  async #wait(): Promise<void> {
    if (this.#writer.exitCode !== null) throw new Error("the writer ended");
    await delay(20);
  }

  /** Updates, inserts and deletes in transactions of a thousand rows, while a sync replays them in the source. */
  async #write(count: number): Promise<void> {
    const { directory, path, url } = this.#options;
    const sync = spawn(process.execPath, [BIN, "sync", "--source", path, "--target", url, "--quiet"], {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [row] = await this.#sql<{ max: string }[]>`select max(id)::text from entries`;
    const most = Number(row?.max ?? 0);
    for (let done = 0; done < count; ) {
      const from = Math.floor(Math.random() * Math.max(1, most - 1_000));
      const kind = Math.random();
      const changed =
        kind < 0.6
          ? await this.#sql`update entries set note = md5(note || ${done}), at = at + interval '1 millisecond'
                where id between ${from} and ${from + 999}`
          : kind < 0.9
            ? await this
                .#sql`insert into entries(account, note, at) select 1 + i % ${ACCOUNTS}, 'made in PostgreSQL ' || i,
                  date_trunc('milliseconds', now()) from generate_series(1, 1000) i`
            : await this.#sql`delete from entries where id between ${from} and ${from + 99} and writer_n is null`;
      done += changed.count;
    }
    sync.kill("SIGINT");
    await once(sync, "close");
  }
}
