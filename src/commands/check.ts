import { setTimeout as delay } from "node:timers/promises";
import { captureOwner } from "../capture/install.ts";
import { type ChangeoverError, RefusedError } from "../errors.ts";
import { showTuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { logKeys } from "../rows/change-log.ts";
import { mustLoad } from "../run/begin.ts";
import { type Context, lockedSession } from "../run/context.ts";
import { onWorkers } from "../run/on-workers.ts";
import { foreignRun } from "../run/source-refusals.ts";
import { catchUp } from "../run/sync.ts";
import { renderCount, renderCountOf } from "../status/render-count.ts";
import { holdChangeLog } from "../target/store/change-log-lock.ts";
import { releaseRunLock, tryRunLock } from "../target/store/run-lock.ts";
import { extendVerification, setVerified } from "../target/store/verified-store.ts";
import { tableBytes } from "../target/table-bytes.ts";
import type { TargetSession } from "../target/target.ts";
import { findExtras } from "../verify/find-extras.ts";
import { type TableVerification, type Verification, type VerifyOptions, verifyChanges } from "../verify/verify-run.ts";
import { watermarkOf } from "../verify/watermark.ts";
import { openPass } from "./verification-pass.ts";

export interface CheckResult {
  readonly ok: boolean;
  /** Rows compared. */
  readonly rows: number;
  readonly differences: number;
  /** Changed rows that nobody brings over: no sync is running. */
  readonly unsettled: number;
  /** Rows and values that the quarantine names. They are no differences, but not all is equal either. */
  readonly quarantined: number;
  /** Differences that a repair has ended. */
  readonly repaired?: number;
  readonly tables: readonly CheckedTable[];
}

export interface CheckedTable {
  readonly table: string;
  readonly rows: number;
  readonly differences: number;
  readonly quarantined?: number;
  readonly examples?: readonly CheckedRow[];
}

export interface CheckedRow {
  readonly key: string;
  readonly what: "missing" | "extra" | "different";
  readonly columns: readonly string[];
}

export const EXAMPLES = 5;

export interface CheckOptions {
  /** Brings rows that differ over again, and compares once more. */
  readonly repair?: boolean;
  /** How many differing rows of each table are named. Default: 5; at most 1,000 are known. */
  readonly examples?: number;
  /** Compares everything again, also what an interrupted check or sync has compared. */
  readonly restart?: boolean;
}

/** Compares both sides, row by row, while a sync may go on in this or another process. */
export async function check(context: Context, options: CheckOptions = {}): Promise<CheckResult> {
  const first = await compareBoth(context, options);
  if (options.repair !== true || first.result.differences === 0) return first.result;
  await repair(context, first.found);
  const second = await compareBoth(context, options);
  return { ...second.result, repaired: Math.max(0, first.result.differences - second.result.differences) };
}

/** Bringing rows over again is replay's: their keys are logged as if they had changed; what only the target has is deleted there. */
async function repair(context: Context, found: readonly TableVerification[]): Promise<void> {
  const session = await lockedSession(context, { handover: "repair" });
  try {
    const run = await mustLoad(session);
    if (!run.captured || run.phase === "cut-over") throw notRepairable(run);
    for (const { mapping, differences } of found) {
      const keys = differences.filter(({ what }) => what !== "extra").map(({ key }) => key);
      if (keys.length > 0) await context.source.write((tx) => logKeys(tx, mapping, keys));
      if (differences.some(({ what }) => what === "extra"))
        await findExtras({ ...verifyOptions(context, session, run), mapping, named: 1, remove: true });
    }
    await catchUp(context, session);
  } finally {
    await session.close();
  }
}

function notRepairable(run: Run): RefusedError {
  return new RefusedError({
    code: "NOT_REPAIRABLE",
    message: run.captured
      ? "the target has taken over: what differs there may be what the application wrote since"
      : "this target was loaded by `changeover data`, without capture: nothing replays",
    hint: run.captured ? "`changeover check` names the rows" : "start over: `changeover rollback`, then the copy again",
  });
}

interface Compared {
  readonly result: CheckResult;
  /** All that was found, not just examples. */
  readonly found: readonly TableVerification[];
}

async function compareBoth(context: Context, options: CheckOptions): Promise<Compared> {
  const examples = options.examples ?? EXAMPLES;
  const session = await context.target.session();
  const lockSession = await context.target.session();
  try {
    let run = await mustLoad(session);
    if (run.phase === "new" || run.phase === "copying") {
      if (run.captured) throw notCopied();
    }
    await refuseForeignSource(context, run);
    await holdChangeLog(session);
    // Alone, nobody brings over what changes meanwhile: so we do. Beside a running sync, it does.
    const alone = run.captured && run.phase !== "cut-over" && (await tryRunLock(lockSession));
    const advance = alone ? async () => void (await catchUp(context, lockSession)) : undefined;
    await advance?.();
    const compareAll = () =>
      verify(context, session, run, {
        ...(advance === undefined ? {} : { whileBehind: advance }),
        restart: options.restart === true,
      });
    let whole = await compareAll();
    while (!whole.counts) {
      run = await mustLoad(session);
      whole = await compareAll();
    }
    const isKept = run.captured && run.phase === "syncing";
    const first = checkResult([whole]);
    if (isKept && first.ok)
      await setVerified(session, run.id, { through: whole.through, totals: { rows: first.rows, differences: 0 } });
    const settled = await verifyPending(context, session, run, whole, advance);
    const result = { ...checkResult([whole, ...settled.rounds], examples), unsettled: settled.unsettled };
    const isEqual = result.ok && result.unsettled === 0;
    if (isKept && !isEqual) await setVerified(session, run.id, null);
    // Not where a migration or a resync has put it in doubt during the last rounds.
    if (isKept && isEqual)
      await extendVerification(session, run.id, {
        through: settled.through,
        totals: { rows: result.rows, differences: 0 },
      });
    if (alone) await releaseRunLock(lockSession);
    const found = whole.tables.map((table, index) => ({
      ...table,
      differences: [table, ...settled.rounds.flatMap((round) => round.tables[index] ?? [])].flatMap(
        ({ differences }) => differences,
      ),
    }));
    return { result: { ...result, ok: result.ok && result.unsettled === 0 }, found };
  } finally {
    await session.close();
    await lockSession.close();
  }
}

export interface VerifyAllOptions {
  readonly whileBehind?: () => Promise<void>;
  /** Compares everything again, also what an interrupted comparison has compared. */
  readonly restart?: boolean;
  /** Called once, when half of the rows are compared. */
  readonly onHalf?: () => void;
}

/**
 * `isResumed`: some of it was compared earlier, and what changed since then must be compared again. `counts`: false if meanwhile the tables
 * were copied anew, or a migration changed rows: what was compared before that says nothing.
 */
export type FullVerification = Verification & { readonly isResumed: boolean; readonly counts: boolean };

/** Verifies everything and shows how far it is; goes on where that was interrupted. */
export async function verify(
  context: Context,
  session: TargetSession,
  run: Run,
  options: VerifyAllOptions = {},
): Promise<FullVerification> {
  const counted = await session.rows<{ id: number; rows: string }>(
    "select id, greatest(rows, copied)::text as rows from changeover.table_state where run = $1",
    [run.id],
  );
  const sizes = new Map(counted.map(({ id, rows }) => [id, Number(rows)]));
  const size = ({ id }: TableMapping) => sizes.get(id) ?? 0;
  const total = run.mappings.reduce((sum, mapping) => sum + size(mapping), 0);
  const bytes = await tableBytes(
    session,
    run.mappings.map(({ target }) => target),
  );
  const work = new Map(run.mappings.map(({ id }, index) => [id, bytes[index] ?? 0]));
  // So that no lane is left with the largest in the end.
  const items = [...run.mappings].sort((one, other) => (work.get(other.id) ?? 0) - (work.get(one.id) ?? 0));
  let done = 0;
  let { onHalf } = options;
  context.report({ kind: "step", message: "comparing both sides" });
  const [beside, keeper] = [await context.target.session(), await context.target.session()];
  const { captured, rowidsDropped, tooFarBehind } = verifyOptions(context, session, run);
  try {
    const pass = await openPass(context, run, { session: keeper, restart: options.restart === true });
    const through = pass?.through ?? (await watermarkOf(session, run.id));
    const compared = new Map<number, TableVerification>();
    await onWorkers(context, { session, beside, items, isAtRest: !run.captured }, async (mapping, worker) => {
      const known = pass === null ? {} : { known: pass.progress.of(mapping) };
      const table = await worker.do(
        "verify",
        {
          run: run.id,
          mapping,
          captured,
          rowidsDropped: rowidsDropped === true,
          tooFarBehind,
          byPages: context.throttle.maxRows !== null,
          ...known,
        },
        {
          onRows(name, rows) {
            done += rows;
            if (done >= total / 2) {
              onHalf?.();
              onHalf = undefined;
            }
            context.report({
              kind: "progress",
              phase: "verify",
              done,
              total: Math.max(total, done),
              unit: "rows",
              detail: name,
            });
          },
          rest: (page) => context.throttle.rest(page),
          whileBehind: options.whileBehind ?? withRetry(session, run),
          save: async (progress) => pass?.progress.save(mapping, progress),
        },
      );
      compared.set(mapping.id, { ...table, mapping });
    });
    const whole = { through, tables: run.mappings.flatMap(({ id }) => compared.get(id) ?? []) };
    const { differences, rows } = checkResult([whole]);
    const counts = pass === null || (await pass.end({ rows, differences }));
    if (!counts)
      context.report({
        kind: "warning",
        message:
          "rows were put in doubt while they were compared, by a migration, a VACUUM or a resync: all are compared again",
      });
    return { ...whole, isResumed: pass?.isResumed === true, counts };
  } finally {
    await beside.close();
    await keeper.close();
  }
}

export function verifyOptions(context: Context, session: TargetSession, run: Run): VerifyOptions {
  const over = run.phase === "cut-over";
  return {
    run: run.id,
    source: context.source,
    session,
    captured: run.captured && !over,
    rowidsDropped: over,
    signal: context.signal,
    tooFarBehind: REPLICATION_LAG_TOO_HIGH,
    whileBehind: withRetry(session, run),
  };
}

const REPLICATION_LAG_TOO_HIGH = 20_000n;
const NO_PROGRESS_MS = 300_000;

/** Waits for the sync to come nearer, in this or another process; throws once it does not for minutes. */
export function withRetry(session: TargetSession, run: Run): () => Promise<void> {
  let seen = { watermark: "", at: performance.now() };
  return async () => {
    await delay(100);
    const [row] = await session.rows<{ watermark: string }>(
      "select watermark::text from changeover.run where id = $1",
      [run.id],
    );
    if (row !== undefined && row.watermark !== seen.watermark)
      seen = { watermark: row.watermark, at: performance.now() };
    if (performance.now() - seen.at > NO_PROGRESS_MS) throw tooFarBehind();
  };
}

function tooFarBehind(): RefusedError {
  return new RefusedError({
    code: "REPLICATION_LAG_TOO_HIGH",
    message: "the target is too far behind the source to be compared, and has not come nearer for 5 minutes",
    hint: "see that `changeover sync` runs and catches up (`changeover status` shows the lag); then run the same command again",
  });
}

export function pendingRows(verification: Verification): number {
  return verification.tables.reduce((sum, { pending }) => sum + pending, 0);
}

const ROUNDS = 20;

/** Compares the rows that were in flight, in rounds, until few are or only ever others: the application does not stop for us. */
async function verifyPending(
  context: Context,
  session: TargetSession,
  run: Run,
  whole: FullVerification,
  advance: (() => Promise<void>) | undefined,
): Promise<{ rounds: Verification[]; through: bigint; unsettled: number }> {
  const rounds: Verification[] = [];
  let { through } = whole;
  let open = pendingRows(whole) + (whole.isResumed ? 1 : 0);
  let moved = true;
  for (let round = 0; open > 0 && round < ROUNDS; round++) {
    if (advance === undefined) await delay(250);
    else await advance();
    const changes = await verifyChanges(
      { ...verifyOptions(context, session, run), ...(advance === undefined ? {} : { whileBehind: advance }) },
      run.mappings,
      through,
    );
    rounds.push(changes);
    moved = changes.through > through;
    through = changes.through;
    open = pendingRows(changes);
  }
  return { rounds, through, unsettled: moved ? 0 : open };
}

/** One result of a whole verification and what was compared again after it. */
export function checkResult(
  [whole, ...rounds]: readonly [Verification, ...Verification[]],
  examples = EXAMPLES,
): CheckResult {
  const tables = whole.tables.map((table, index) =>
    checkedTable(
      table,
      rounds.flatMap((round) => round.tables[index] ?? []),
      examples,
    ),
  );
  const sum = (of: (table: CheckedTable) => number) => tables.reduce((total, table) => total + of(table), 0);
  const differences = sum((table) => table.differences);
  return {
    ok: differences === 0,
    rows: sum((table) => table.rows),
    differences,
    unsettled: 0,
    quarantined: sum((table) => table.quarantined ?? 0),
    tables,
  };
}

function checkedTable(whole: TableVerification, rounds: readonly TableVerification[], examples: number): CheckedTable {
  const all = [whole, ...rounds];
  // A row may be compared in several rounds: the last word counts.
  const named = new Map(
    all.flatMap((table) => table.differences.map((difference) => [showTuple(difference.key), difference] as const)),
  );
  const differences = named.size + whole.more;
  return {
    table: whole.mapping.source,
    rows:
      whole.rows +
      (rounds.length === 0
        ? 0
        : Math.min(
            whole.pending,
            rounds.reduce((sum, { rows }) => sum + rows, 0),
          )),
    differences,
    ...(all.some(({ quarantineRows }) => quarantineRows > 0)
      ? { quarantined: Math.max(...all.map(({ quarantineRows }) => quarantineRows)) }
      : {}),
    ...(named.size === 0
      ? {}
      : { examples: [...named].slice(0, examples).map(([key, { what, columns }]) => ({ key, what, columns })) }),
  };
}

/** The error for a verification that found differences, by table and column. */
export function differencesFound(result: CheckResult): RefusedError {
  const named = result.tables
    .filter((table) => table.differences > 0)
    .map((table) => `${table.table}: ${renderCount(table.differences, "row")}${columnsOf(table)}`);
  return new RefusedError({
    code: "DIFFERENCES",
    message: `source and target differ: ${named.length === 0 ? `${renderCountOf(result.unsettled, "changed row", "were")} not brought over in time` : named.join("; ")}`,
    hint: "`changeover check` names the rows; give the columns a type that holds their values, or correct the values, then start over with `changeover rollback`",
    context: { tables: result.tables.filter((table) => table.differences > 0) },
  });
}

function columnsOf(table: CheckedTable): string {
  const columns = [...new Set((table.examples ?? []).flatMap((example) => example.columns))];
  return columns.length === 0 ? "" : ` (columns ${columns.join(", ")})`;
}

async function refuseForeignSource(context: Context, run: Run): Promise<void> {
  const owner = await context.source.read(captureOwner);
  if (run.captured && owner?.run !== run.id) throw foreignRun(run.source, owner);
}

function notCopied(): ChangeoverError {
  return new RefusedError({
    code: "NOT_COPIED",
    message: "the copy has not ended yet: there is nothing to compare",
    hint: "`changeover sync --until caught-up` ends it; `changeover status` shows how far it is",
  });
}
