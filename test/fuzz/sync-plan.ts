import type { Random } from "./random.ts";
import { type FuzzSchema, randomSchema } from "./random-schema.ts";
import { randomStatements } from "./random-statements.ts";

/** What befalls the engine at one of its statements. `before`, `after`: whether the database still carries it out. */
export type Fault =
  | { readonly side: "source"; readonly how: "busy" | "fails" | "death before" | "death after" }
  | {
      readonly side: "target";
      readonly how: "refused" | "cut before" | "cut during" | "cut after" | "death before" | "death after";
    };

/** `after`: so many statements of the engine later than the event before it. */
export type Event = { readonly after: number } & (
  | { readonly kind: "write"; readonly writer: number; readonly statements: readonly string[] }
  /** A transaction that stays open while the engine goes on. */
  | { readonly kind: "begin"; readonly writer: number; readonly statements: readonly string[] }
  | { readonly kind: "end"; readonly writer: number; readonly how: "COMMIT" | "ROLLBACK" | "kill" }
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "stop" }
  | { readonly kind: "check" }
);

export interface SyncPlan {
  readonly schema: FuzzSchema;
  readonly ddl: readonly string[];
  readonly journal: "wal" | "delete";
  /** Rows, and entries of the log, in one page at most: few, so that small databases have many pages. */
  readonly maxRows: number | null;
  /** How much faster than the harness's the engine's clock runs. */
  readonly clock: number;
  readonly before: readonly (readonly string[])[];
  /** What happens until the first catch-up, and from there on. */
  readonly loading: readonly Event[];
  readonly syncing: readonly Event[];
  /** What happens during the cutover; null for a trial that ends without one. */
  readonly cutover: readonly Event[] | null;
}

const WRITERS = 3;

/** All of a trial but its timing follows from the seed. */
export function randomPlan(random: Random): SyncPlan {
  const schema = randomSchema(random, { fitting: true });
  const write = () => randomStatements(random, schema, { fitting: true });
  const journal = random.pick(["wal", "delete"] as const);
  const before = Array.from({ length: random.int(random.pick([20, 120])) }, write);
  return {
    schema,
    ddl: schema.ddl,
    journal,
    maxRows: random.pick([1, 2, 5, null]),
    before,
    loading: randomEvents(random, { count: 10 + random.int(40), write }),
    syncing: randomEvents(random, { count: 40 + random.int(50), write }),
    cutover: random.chance(0.5)
      ? randomEvents(random, { count: 8 + random.int(30), write }).filter(
          ({ kind }) => kind !== "stop" && kind !== "check",
        )
      : null,
    clock: random.pick([1, 1, 50]),
  };
}

interface EventOptions {
  readonly count: number;
  readonly write: () => readonly string[];
}

function randomEvents(random: Random, { count, write }: EventOptions): Event[] {
  const events: Event[] = [];
  const faults = random.pick([0, 2, 6]);
  // A writer that holds its transaction must let go before anything waits for the lock in vain.
  let held: { readonly writer: number; left: number } | null = null;
  while (events.length < count) {
    const after = random.chance(0.4) ? 0 : random.int(12);
    const writer = random.int(WRITERS);
    if (held !== null && held.left-- === 0) {
      events.push({
        after,
        kind: "end",
        writer: held.writer,
        how: random.pick(["COMMIT", "COMMIT", "ROLLBACK", "kill"]),
      });
      held = null;
    } else if (random.chance(faults / count)) {
      events.push(
        { after: 0, kind: "write", writer: (held?.writer ?? 0) + 1, statements: write() },
        { after: random.int(20), kind: "fault", fault: randomFault(random) },
      );
    } else if (random.chance(0.015)) events.push({ after, kind: "stop" });
    else if (random.chance(0.015)) events.push({ after, kind: "check" });
    else if (held === null && random.chance(0.08)) {
      events.push({
        after,
        kind: "begin",
        writer,
        statements: [
          random.pick(["BEGIN", "BEGIN IMMEDIATE"]),
          ...Array.from({ length: 1 + random.int(3) }, write)
            .filter(({ length }) => length === 1)
            .flat(),
        ],
      });
      held = { writer, left: 1 + random.int(4) };
    } else
      events.push({ after, kind: "write", writer: held?.writer === writer ? writer + 1 : writer, statements: write() });
  }
  if (held !== null) events.push({ after: 1, kind: "end", writer: held.writer, how: "COMMIT" });
  return events;
}

function randomFault(random: Random): Fault {
  if (random.chance(0.35))
    return { side: "source", how: random.pick(["busy", "fails", "death before", "death after"]) };
  return {
    side: "target",
    how: random.pick(["refused", "cut before", "cut during", "cut after", "death before", "death after"]),
  };
}
