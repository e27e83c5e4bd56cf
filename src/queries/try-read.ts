import type { SourceValue } from "../model/source-value.ts";
import type { TargetTransaction } from "../target/target.ts";
import { atOneWatermark, type BothAt, type Together } from "./at-one-watermark.ts";
import { type CompareOptions, compareRows, type RowDifference, type TargetValue } from "./compare-rows.ts";
import { type QueryOutcome, queryOfSource, queryOfTarget, type RunOptions } from "./run-query.ts";

/** How one text of a statement did in PostgreSQL, and in SQLite. */
export interface QueryTrial {
  readonly target: QueryOutcome<TargetValue>;
  /** Null where both gave the same, or where one failed. */
  readonly difference: RowDifference | null;
}

export interface Tried {
  readonly source: QueryOutcome<SourceValue>;
  /** One for each text that was given. */
  readonly trials: readonly QueryTrial[];
  /** More rows than are compared. */
  readonly isCut: boolean;
}

export interface ReadToTry extends RunOptions {
  readonly both: BothAt;
  /** With ?1, ?2 … */
  readonly sqlite: string;
  /** With $1, $2 …: as it stands, then the translation. */
  readonly postgres: readonly string[];
  readonly compare: CompareOptions;
}

/** Runs a query on both sides, in read transactions at one watermark. */
export function tryRead(read: ReadToTry): Promise<Together<Tried>> {
  const { maxRows } = read;
  return atOneWatermark(
    read.both,
    (tx) => queryOfSource(tx, read.sqlite, read),
    async (tx, source): Promise<Tried> => {
      const trials: QueryTrial[] = [];
      for (const sql of read.postgres) {
        trials.push(await trialOf(tx, sql, source, read));
        if (isFine(trials.at(-1))) break;
      }
      return { source, trials, isCut: source.kind === "rows" && source.rows.length > maxRows };
    },
  );
}

async function trialOf(
  tx: TargetTransaction,
  sql: string,
  source: QueryOutcome<SourceValue>,
  read: ReadToTry,
): Promise<QueryTrial> {
  const width = source.kind === "rows" ? (source.rows[0]?.length ?? 0) : 0;
  const target = await queryOfTarget(tx, sql, { ...read, width });
  if (source.kind === "failed" || target.kind === "failed") return { target, difference: null };
  const difference = compareRows({ source: source.rows, target: target.rows }, read.compare);
  if (difference !== null || !isSlow(source.durationMs, target.durationMs)) return { target, difference };
  return { target: await fastest(target, () => queryOfTarget(tx, sql, { ...read, width })), difference };
}

const SLOW_FACTOR = 5;
const SLOW_MS = 50;
const TIMED_AGAIN = 2;

/** So much slower in PostgreSQL that it matters. */
export function isSlow(sourceMs: number, targetMs: number): boolean {
  return targetMs > SLOW_MS && targetMs > SLOW_FACTOR * sourceMs;
}

/** A cold cache or a busy machine is no reason to call a statement slow. */
async function fastest<T extends QueryOutcome<TargetValue>>(
  first: T,
  again: () => Promise<QueryOutcome<TargetValue>>,
): Promise<QueryOutcome<TargetValue>> {
  let best: QueryOutcome<TargetValue> = first;
  for (let round = 0; round < TIMED_AGAIN; round++) {
    const next = await again();
    if (next.kind === "rows" && best.kind === "rows" && next.durationMs < best.durationMs) best = next;
  }
  return best;
}

export function isFine(trial: QueryTrial | undefined): boolean {
  return trial?.target.kind === "rows" && trial.difference === null;
}
