import { connect } from "./connection.ts";
import { openJournal } from "./journal.ts";
import { pacer, pause } from "./pace.ts";
import { seededRandom } from "./random.ts";
import { Tally, type WriterSummary } from "./tally.ts";
import { chooseWrite } from "./writes/choose-write.ts";

export interface WriterOptions {
  readonly db: string;
  /** Transactions per second; 0 for as many as go. */
  readonly rate?: number;
  /** 0 for until stopped. */
  readonly seconds?: number;
  readonly journal?: string;
  readonly seed?: number;
  /** How long SQLite itself waits for a lock, in ms. The process does nothing else meanwhile. */
  readonly busyTimeout?: number;
  readonly stopWhenFenced?: boolean;
  readonly signal?: AbortSignal;
  readonly say?: (message: string) => void;
}

/** Plays the application: one transaction after the other until the time is up, the signal comes, or the fence does. */
export async function keepWriting(options: WriterOptions): Promise<WriterSummary> {
  const { seconds = 0, signal } = options;
  const deadline = seconds > 0 ? performance.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
  const over = () => signal?.aborted === true || performance.now() >= deadline;
  const random = seededRandom(options.seed ?? Date.now());
  const journal = openJournal(options.journal);
  const connection = await connect(options.db, options.busyTimeout ?? 5_000);
  const tally = new Tally(options.say ?? (() => {}));
  const nextIsDue = pacer(options.rate ?? 0, signal);
  let began = performance.now();
  try {
    while (!over()) {
      const write = chooseWrite(random);
      let outcome = await connection.attempt(write, random);
      for (; outcome.kind === "busy"; outcome = await connection.attempt(write, random)) {
        tally.busy();
        if (over()) break;
        await pause(1 + random.below(5), signal);
      }
      if (outcome.kind === "committed") {
        tally.committed(began);
        journal.write({ n: tally.summary.committed, kind: write.kind, at: Date.now(), ...outcome.effect });
      } else if (outcome.kind === "fenced") {
        tally.fenced(outcome.message, began);
        journal.write({ refused: outcome.message, kind: write.kind, at: Date.now() });
        if (options.stopWhenFenced === true) break;
        await pause(SLOW_MS, signal);
      } else if (outcome.kind === "failed") {
        tally.failed(`${write.kind}: ${outcome.message}`);
        await pause(SLOW_MS, signal);
      }
      if (outcome.kind === "nothing") {
        // Another write in its place, and what this one waited for locks counts.
        await pause(1, signal);
        continue;
      }
      await nextIsDue();
      began = performance.now();
    }
    return tally.finish();
  } finally {
    connection.close();
    journal.close();
  }
}

const SLOW_MS = 50;
