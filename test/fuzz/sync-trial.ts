import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CutoverUndoneError } from "../../src/api/undone-error.ts";
import { ChangeoverError, RefusedError } from "../../src/errors.ts";
import type { Migration } from "../../src/migration.ts";
import { quicken } from "./clock.ts";
import { type Ending, isExplained, Life, type World } from "./life.ts";
import { Observer } from "./observer.ts";
import { type Contents, difference, digestOf, sourceContents, sourceQueries, targetTables } from "./oracle.ts";
import type { Event, SyncPlan } from "./sync-plan.ts";
import { trace } from "./trace.ts";
import { Turns } from "./turns.ts";
import type { Writers, Written } from "./writers.ts";

export interface SyncTrial {
  readonly plan: SyncPlan;
  /** Empty, for the source. */
  readonly directory: string;
  /** An empty database. */
  readonly target: string;
  readonly writers: Writers;
}

export interface SyncTally {
  statements: number;
  refused: number;
  starts: number;
  deaths: number;
  faults: number;
  "writers killed": number;
  "target commits": number;
  checks: number;
  cutovers: number;
  "ended by a NULL key": number;
}

export function newTally(): SyncTally {
  return {
    statements: 0,
    refused: 0,
    starts: 0,
    deaths: 0,
    faults: 0,
    "writers killed": 0,
    "target commits": 0,
    checks: 0,
    cutovers: 0,
    "ended by a NULL key": 0,
  };
}

/**
 * The whole engine under a plan: writers' transactions between any two of its statements, its own death, lost
 * connections and errors of both databases. Says what is wrong, or null. From the first catch-up on every commit at the
 * target must show some committed state of the source; in the end both are equal.
 */
export async function syncTrial(trial: SyncTrial, tally: SyncTally): Promise<string | null> {
  const course = await Course.begin(trial, tally);
  const undo = quicken(trial.plan.clock);
  try {
    return await course.run();
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    if (error instanceof NullKey) return (tally["ended by a NULL key"]++, null);
    throw error;
  } finally {
    undo();
    await course.end();
  }
}

/** What a trial ends with that found something. */
class Wrong extends Error {}

/** SQLite lets a key be NULL and the engine refuses it: that ends the trial, and is right. */
class NullKey extends Error {}

class Course {
  readonly #trial: SyncTrial;
  readonly #tally: SyncTally;
  readonly #observer: Observer;
  /** All committed states of the source, by digest. */
  readonly #states = new Map<string, Contents>();
  #source: Contents;
  #checks: Promise<string | null>[] = [];
  #life: Life | null = null;
  #turns: Turns | null = null;

  private constructor(trial: SyncTrial, tally: SyncTally, observer: Observer, first: Contents) {
    this.#trial = trial;
    this.#tally = tally;
    this.#observer = observer;
    this.#source = first;
    this.#states.set(digestOf(first), first);
  }

  static async begin(trial: SyncTrial, tally: SyncTally): Promise<Course> {
    const { plan, writers } = trial;
    mkdirSync(join(trial.directory, "migrations"));
    const made = await writers.create({
      path: join(trial.directory, "app.db"),
      journal: plan.journal,
      ddl: plan.ddl,
      queries: sourceQueries(plan.schema),
    });
    const observer = await Observer.open(trial.target, plan.schema);
    const course = new Course(trial, tally, observer, sourceContents(made.states[0] ?? [], plan.schema));
    for (const statements of plan.before) course.#note(await writers.write(0, statements));
    await observer.prepare(targetTables(plan.schema));
    return course;
  }

  async run(): Promise<string | null> {
    const { plan } = this.#trial;
    await this.#through(
      plan.loading,
      (migration) => migration.sync({ until: "caught-up" }),
      ({ kind }) => kind === "ended",
    );
    await this.#settle();
    await this.#through(plan.syncing, (migration) => migration.sync());
    await this.#settle();
    if (plan.cutover !== null) await this.#cutOver(plan.cutover);
    for (const [digest, { place, contents }] of this.#observer.seen) {
      if (!this.#states.has(digest))
        return (
          `${place} the target showed a state that the source never had; to the nearest: ` +
          `${this.#nearest(contents)}`
        );
    }
    return difference(this.#source, await this.#observer.contents(), plan.schema);
  }

  async end(): Promise<void> {
    this.#turns?.stop();
    await this.#life?.die();
    await Promise.allSettled(this.#checks);
    await this.#observer.close();
    await this.#trial.writers.closeDatabase();
  }

  /** Lets the engine live through events, again and again if it ends, until all of them have happened. */
  async #through(
    events: readonly Event[],
    work: (migration: Migration) => Promise<unknown>,
    isOver: (ending: Ending) => boolean = () => false,
  ): Promise<void> {
    const turns = new Turns(events, (event) => this.#perform(event));
    this.#turns = turns;
    let over = false;
    void turns.over.then(() => {
      over = true;
      this.#life?.stop();
    });
    while (!over) {
      const life = this.#start();
      const ending = await life.live(work);
      this.#judge(life, ending);
      if (isOver(ending)) break;
      if (ending.kind === "failed") await delay(10);
    }
    turns.stop();
    this.#turns = null;
    // One that the engine was quicker than may still hold its transaction.
    for (let writer = 0; writer < this.#trial.writers.count; writer++)
      this.#note(await this.#trial.writers.write(writer, []), 0);
    const wrong = (await Promise.all(this.#checks)).find((found) => found !== null);
    if (wrong !== undefined && wrong !== null) throw new Wrong(wrong);
  }

  /** Without events: the engine must catch up by itself. */
  async #settle(): Promise<void> {
    const life = this.#start();
    const ending = await life.live((migration) => migration.sync({ until: "caught-up" }));
    this.#judge(life, ending);
    const wrong = difference(this.#source, await this.#observer.contents(), this.#trial.plan.schema);
    if (wrong !== null) throw new Wrong(`caught up, and not equal: ${wrong}`);
  }

  async #cutOver(events: readonly Event[]): Promise<void> {
    const succeeded = (ending: Ending) => ending.kind === "ended" && !(ending.result instanceof CutoverUndoneError);
    const work = (migration: Migration) =>
      migration.cutover({ maxDowntimeMs: 5_000 * this.#trial.plan.clock }).catch((error: unknown) => {
        if (error instanceof CutoverUndoneError) return error;
        throw error;
      });
    await this.#through(events, work, succeeded);
    const life = this.#start();
    const ending = await life.live(work);
    this.#judge(life, ending);
    if (!succeeded(ending))
      throw new Wrong(`the cutover is refused with nothing in its way: ${JSON.stringify(ending)}`);
    this.#tally.cutovers++;
    await this.#refuseWrites();
  }

  /** Behind a cutover no writer gets through. */
  async #refuseWrites(): Promise<void> {
    const filled = this.#trial.plan.schema.tables.find((_, index) => (this.#source[index] ?? []).length > 0);
    if (filled === undefined) return;
    const written = await this.#trial.writers.write(1, [`DELETE FROM "${filled.name.replaceAll('"', '""')}"`]);
    this.#note(written);
    if (written.refusals.length === 0) throw new Wrong(`the source took a write to ${filled.name} after the cutover`);
  }

  #start(): Life {
    this.#tally.starts++;
    this.#life = new Life(this.#world());
    return this.#life;
  }

  #world(): World {
    const { trial, observer } = { trial: this.#trial, observer: this.#observer };
    return {
      source: join(trial.directory, "app.db"),
      target: trial.target,
      migrations: join(trial.directory, "migrations"),
      maxRows: trial.plan.maxRows,
      turn: async (place) => (await this.#turns?.take(place)) ?? null,
      committed: async () => {
        this.#tally["target commits"]++;
        await observer.look(`after event ${this.#turns?.done ?? "the last"}`);
      },
      terminate: (pids) => observer.terminate(pids),
    };
  }

  #judge(life: Life, ending: Ending): void {
    this.#tally.faults += life.faults.length;
    if (ending.kind === "died") this.#tally.deaths++;
    if (ending.kind === "hung")
      throw new Wrong(`the engine hangs after ${JSON.stringify(life.faults)}; its last statements: ${ending.place}`);
    if (ending.kind !== "failed") return;
    const { error } = ending;
    trace(
      `the engine ended: ${error instanceof ChangeoverError ? error.code : String(error)}, ` +
        `after ${JSON.stringify(life.faults)}`,
    );
    if (error instanceof ChangeoverError && error.code === "NULL_KEY") throw new NullKey();
    if (isExplained(error, { faults: life.faults, hurried: this.#trial.plan.clock > 1 })) return;
    // A check alone holds the lock for its moment.
    if (error instanceof RefusedError && error.code === "RUN_LOCKED" && this.#checks.length > 0) return;
    throw new Wrong(`the engine failed after ${JSON.stringify(life.faults)}: ${describe(error)}`);
  }

  async #perform(event: Exclude<Event, { kind: "fault" }>): Promise<void> {
    trace(`event ${JSON.stringify(event)}`);
    const { writers } = this.#trial;
    switch (event.kind) {
      case "write":
        return this.#note(await writers.write(event.writer, event.statements), event.statements.length);
      case "begin":
        return this.#note(await writers.write(event.writer, event.statements, true), event.statements.length);
      case "end":
        if (event.how !== "kill") return this.#note(await writers.write(event.writer, [event.how]));
        this.#tally["writers killed"]++;
        return writers.kill(event.writer);
      case "stop":
        this.#life?.stop();
        return;
      case "check":
        this.#checks.push(this.#check());
        return;
    }
  }

  /** A whole verification alongside the sync: it must find no difference, whatever is on its way. */
  async #check(): Promise<string | null> {
    const life = new Life(this.#world(), { charmed: true });
    const ending = await life.live((migration) => migration.check());
    if (ending.kind === "ended") {
      this.#tally.checks++;
      const { differences, tables } = ending.result as { differences: number; tables: readonly object[] };
      return differences === 0 ? null : `a check found differences: ${JSON.stringify(tables)}`;
    }
    if (ending.kind !== "failed") return `a check hangs: ${JSON.stringify(ending)}`;
    const { error } = ending;
    trace(`a check ended: ${describe(error)}`);
    if (
      error instanceof ChangeoverError &&
      ["NO_RUN", "NOT_COPIED", "NULL_KEY", "RUN_CONFLICT", "INTERRUPTED"].includes(error.code)
    )
      return null;
    return `a check failed: ${describe(error)}`;
  }

  #nearest(contents: Contents): string {
    const differences = [...this.#states.values()].map(
      (state) => difference(state, contents, this.#trial.plan.schema) ?? "",
    );
    return differences.reduce((least, text) => (text.length < least.length ? text : least));
  }

  #note(written: Written, statements = 1): void {
    this.#tally.statements += statements;
    this.#tally.refused += written.refusals.length;
    for (const state of written.states) {
      this.#source = sourceContents(state, this.#trial.plan.schema);
      const digest = digestOf(this.#source);
      trace(`the source is ${digest.slice(0, 8)}`);
      this.#states.set(digest, this.#source);
    }
    if (written.refusals.length > 0) trace(`refused: ${written.refusals.join("; ")}`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = error instanceof ChangeoverError ? `${error.code}: ` : "";
  return (
    `${code}${error.message}\n${error.stack ?? ""}\n` +
    `${error.cause === undefined ? "" : `caused by ${describe(error.cause)}`}`
  );
}
