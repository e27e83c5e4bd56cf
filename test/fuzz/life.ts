import { ChangeoverError, InterruptedError, SourceError, TargetError } from "../../src/errors.ts";
import { type Migration, migrationOver } from "../../src/migration.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { openTarget, type Target } from "../../src/target/target.ts";
import { Throttle } from "../../src/throttle/throttle.ts";
import { IdleWorkers } from "../../src/workers/idle-workers.ts";
import { now } from "./clock.ts";
import { DisturbedSource } from "./disturbed-source.ts";
import { DisturbedTarget } from "./disturbed-target.ts";
import type { Fault } from "./sync-plan.ts";
import { trace } from "./trace.ts";
import type { Place } from "./turns.ts";

/** What a life of the engine takes part in. */
export interface World {
  readonly source: string;
  readonly target: string;
  readonly migrations: string;
  readonly maxRows: number | null;
  /** Called before each statement of the engine. */
  turn(place: Place): Promise<Fault | null>;
  /** Called after each commit at the target. */
  committed(): Promise<void>;
  /** Ends backends of the target, and returns when they are gone. */
  terminate(pids: readonly number[]): Promise<void>;
}

export type Ending =
  | { readonly kind: "ended"; readonly result: unknown }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "died" }
  | { readonly kind: "hung"; readonly place: string };

export interface LifeOptions {
  /** Faults pass it by: a check alongside the sync. */
  readonly charmed?: boolean;
}

let lives = 0;

/** How long the engine may take for one statement, ms. */
const STALL_MS = 40_000;

/**
 * The engine from its start to its end or its death. Dead, it hears nothing any more: its calls never settle, its
 * transactions are rolled back and its connections gone, as after kill -9.
 */
export class Life {
  readonly #world: World;
  readonly #options: LifeOptions;
  readonly #abort = new AbortController();
  readonly #source: Source;
  readonly #target: Target;
  readonly #backends = new Set<number>();
  readonly #migration: Migration;
  readonly #recent: string[] = [];
  #reads = new Set<Promise<unknown>>();
  readonly #number = ++lives;
  #cuts = 0;
  #ended = false;
  #heard = now();
  #died: () => void = () => {};
  readonly #death: Promise<void>;
  dead = false;
  /** What befell it. */
  readonly faults: Fault[] = [];

  constructor(world: World, options: LifeOptions = {}) {
    this.#world = world;
    this.#options = options;
    this.#death = new Promise((resolve) => {
      this.#died = resolve;
    });
    const { signal } = this.#abort;
    this.#source = openSource({ url: world.source, signal });
    this.#target = openTarget({ url: world.target });
    const source = new DisturbedSource(this.#source, this);
    const throttle = new Throttle({ maxRate: null, report: () => {}, signal });
    this.#migration = migrationOver({
      source,
      hasSource: true,
      closeSource: () => this.#source.close(),
      stop: () => {},
      target: new DisturbedTarget(this.#target, this),
      targetUrl: world.target,
      migrations: { directory: world.migrations },
      migrationsDirectory: world.migrations,
      rules: { accept: ["UNIQUE_NOT_TRANSLATED"] },
      types: "plain",
      names: "keep",
      collationChoice: "C",
      throttle: Object.defineProperty(throttle, "maxRows", { value: world.maxRows }),
      report: () => {},
      jobs: null,
      idleWorkers: new IdleWorkers(),
      signal,
    });
  }

  /** Runs the engine; says how it ended. */
  async live(work: (migration: Migration) => Promise<unknown>): Promise<Ending> {
    const done = work(this.#migration).then(
      (result): Ending => ({ kind: "ended", result }),
      (error: unknown): Ending => ({ kind: "failed", error }),
    );
    const ending = await Promise.race([done, this.#death.then((): Ending => ({ kind: "died" })), this.#stalled()]);
    if (ending.kind === "hung") await this.die();
    else if (ending.kind !== "died") {
      this.#ended = true;
      await this.#migration.close();
    }
    return ending;
  }

  /** As Ctrl-C does. */
  stop(): void {
    this.#abort.abort();
  }

  /** Before each statement. */
  async turn(place: Place): Promise<Fault | null> {
    this.#hear(`${place.side}: ${place.text}`);
    const fault = await this.#world.turn(place);
    trace(
      `${this.#number}${this.#options.charmed === true ? " (check)" : ""} ${place.side}: ` +
        `${place.text}${fault === null ? "" : ` FAULT ${fault.how}`}`,
    );
    this.#hear();
    if (fault === null || this.#options.charmed === true) return null;
    this.faults.push(fault);
    return fault;
  }

  async committed(): Promise<void> {
    await this.#world.committed();
    this.#hear();
  }

  connected(pid: number): void {
    this.#backends.add(pid);
  }

  async cut(pid: number): Promise<void> {
    this.#backends.delete(pid);
    await this.#world.terminate([pid]);
    // It waits longer after each loss: a trial has no time for that.
    if (++this.#cuts === 2) this.stop();
  }

  /** Keeps count of transactions in the source: the process is gone only when they are. */
  reading<T>(work: Promise<T>): Promise<T> {
    this.#reads.add(work);
    work.then(
      () => this.#reads.delete(work),
      () => this.#reads.delete(work),
    );
    return work;
  }

  async die(): Promise<void> {
    if (this.dead || this.#ended) return;
    this.dead = true;
    this.#abort.abort();
    await this.#world.terminate([...this.#backends]);
    await this.#target.close();
    void Promise.allSettled([...this.#reads]).then(() => {
      this.#source.close();
      this.#died();
    });
  }

  #hear(what?: string): void {
    this.#heard = now();
    if (what === undefined) return;
    this.#recent.push(what.slice(0, 200));
    if (this.#recent.length > 12) this.#recent.shift();
  }

  #stalled(): Promise<Ending> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (now() - this.#heard < STALL_MS) return;
        clearInterval(timer);
        resolve({ kind: "hung", place: this.#recent.join(" | ") });
      }, 500);
      timer.unref();
      void this.#death.then(() => clearInterval(timer));
    });
  }
}

/** What a dead engine's calls come to: nothing. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

/** Whether an ending is one that its faults explain: with an error that says what to do. */
export function isExplained(
  error: unknown,
  { faults, hurried }: { readonly faults: readonly Fault[]; readonly hurried: boolean },
): boolean {
  if (error instanceof InterruptedError) return true;
  if (!(error instanceof ChangeoverError)) return false;
  // The wait ends early where the clock runs fast.
  if (hurried && error.code === "SOURCE_BUSY") return true;
  return (
    faults.length > 0 && (error instanceof TargetError || error instanceof SourceError || error.code === "RUN_LOCKED")
  );
}
