import type { SourceValue } from "../model/source-value.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { atOneWatermark, type BothAt, type Together } from "./at-one-watermark.ts";
import { allowsOwnRows, compareRanked, groupRows, type RankedRows } from "./compare-ranked.ts";
import { type CompareOptions, compareRows, type RowDifference, type TargetValue } from "./compare-rows.ts";
import { rankedQuery } from "./ranked-query.ts";
import { type QueryOutcome, queryOfSource, queryOfTarget, type RunOptions } from "./run-query.ts";

/** How one text of a statement did in PostgreSQL, and in SQLite. */
export interface QueryTrial {
  readonly target: QueryOutcome<TargetValue>;
  /** Null where both gave the same, or where one failed. */
  readonly difference: RowDifference | null;
  /** Both results are right, and yet not the same rows: the statement does not say which. */
  readonly isUnstable?: boolean;
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
    async (tx) => {
      const source = await queryOfSource(tx, read.sqlite, read);
      return { source, ranked: await rankedRows(tx, source, read) };
    },
    async (tx, { ranked, source }): Promise<Tried> => {
      const trials: QueryTrial[] = [];
      for (const sql of read.postgres) {
        trials.push(await trialOf(tx, sql, { ranked, source }, read));
        if (isFine(trials.at(-1))) break;
      }
      return { source, trials, isCut: source.kind === "rows" && source.rows.length > maxRows };
    },
  );
}

/** More rows are not looked through for those that ORDER BY does not tell apart. */
const MAX_RANKED = 5_000;

/** What else the source might have given, where ORDER BY and LIMIT leave that open; null where they do not. */
async function rankedRows(
  tx: SourceReader,
  source: QueryOutcome<SourceValue>,
  { compare, parameters, sqlite }: ReadToTry,
): Promise<RankedRows | null> {
  const width = source.kind === "rows" ? (source.rows[0]?.length ?? 0) : 0;
  if (source.kind === "failed" || compare.order === "total" || width === 0) return null;
  const ranked = rankedQuery({ sql: sqlite, parameters, width });
  if (ranked === null) return null;
  const outcome = await queryOfSource(tx, ranked.sql, { parameters, maxRows: MAX_RANKED });
  if (outcome.kind === "failed" || outcome.rows.length > MAX_RANKED) return null;
  const { count, offset } = ranked;
  const rows = { count, groups: groupRows(outcome.rows), offset };
  return allowsOwnRows(rows, source.rows) ? rows : null;
}

interface AskedSource {
  readonly source: QueryOutcome<SourceValue>;
  readonly ranked: RankedRows | null;
}

async function trialOf(
  tx: TargetTransaction,
  sql: string,
  { ranked, source }: AskedSource,
  read: ReadToTry,
): Promise<QueryTrial> {
  const width = source.kind === "rows" ? (source.rows[0]?.length ?? 0) : 0;
  const target = await queryOfTarget(tx, sql, { ...read, width });
  if (source.kind === "failed" || target.kind === "failed") return { target, difference: null };
  const asGiven = compareRows(
    { source: source.rows, target: target.rows },
    { ...read.compare, order: asked(ranked, read) },
  );
  const difference = asGiven === null || ranked === null ? asGiven : compareRanked(ranked, target.rows, read.compare);
  if (asGiven !== null && difference === null) return { target, difference, isUnstable: true };
  if (difference !== null || !isSlow(source.durationMs, target.durationMs)) return { target, difference };
  return { target: await fastest(target, () => queryOfTarget(tx, sql, { ...read, width })), difference };
}

/** Where all allowed rows are known, any other order has to be one of them. */
function asked(ranked: RankedRows | null, { compare }: ReadToTry): CompareOptions["order"] {
  return ranked === null ? compare.order : "total";
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
