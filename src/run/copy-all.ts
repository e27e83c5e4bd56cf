import { isSmall, type SmallTable } from "../copy/copy-small-tables.ts";
import { InterruptedError, SourceError } from "../errors.ts";
import type { Run, TableState } from "../model/run.ts";
import { Mutex } from "../mutex.ts";
import { tableSizes } from "../source/btree/table-size.ts";
import { renderCount } from "../status/render-count.ts";
import { runLockRequester } from "../target/store/run-lock.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { nobodyWrites } from "./nobody-writes.ts";
import { onWorkers, type Worker } from "./on-workers.ts";
import { refuseDrift } from "./sync.ts";
import { MIGRATION } from "./yield-run-lock.ts";

/** Thousands of tiny tables would spend half of their time with questions. */
const ASK_EVERY_MS = 100;

/** Copies the pages that are missing. False if a migration wants to have the run first. */
export async function copyAll(context: Context, session: TargetSession, run: Run): Promise<boolean> {
  const tables = await loadTables(session, run.id);
  const missing = tables.filter(({ done }) => !done);
  context.report({ kind: "step", message: `copying ${renderCount(missing.length, "table")}` });
  const progress = new CopyProgress(context, tables);
  const copy = new BulkCopy({ context, session, run, progress });
  const items = inGroups(run, await largestFirst(context, missing), context.throttle.maxRows === null);
  const isAtRest = await nobodyWrites(context, run);
  await onWorkers(context, { session, items, isAtRest }, (states, worker) => copy.copy(states, worker));
  if (copy.isWanted) return false;
  context.report({
    kind: "step",
    message: `${renderCount(progress.copied, "row")} of ${renderCount(tables.length, "table")} copied`,
  });
  return true;
}

/** Counts the rows of all workers, and shows them. */
class CopyProgress {
  copied: number;
  readonly #context: Context;
  readonly #total: number;
  readonly #parts: Map<string, { done: number; total: number }>;

  constructor(context: Context, tables: readonly TableState[]) {
    this.#context = context;
    this.#total = tables.reduce((sum, { rows }) => sum + rows, 0);
    this.copied = tables.reduce((sum, table) => sum + table.copied, 0);
    this.#parts = new Map(tables.map(({ copied: done, rows, source }) => [source, { done, total: rows }]));
  }

  add(rows: number, detail: string): void {
    this.copied += rows;
    const part = this.#parts.get(detail);
    if (part !== undefined) {
      part.done += rows;
      part.total = Math.max(part.total, part.done);
    }
    this.#context.report({
      kind: "progress",
      phase: "copy",
      done: this.copied,
      total: Math.max(this.#total, this.copied),
      unit: "rows",
      detail,
      ...(part === undefined ? {} : { part: { ...part } }),
    });
  }
}

interface BulkCopyOptions {
  readonly context: Context;
  readonly session: TargetSession;
  readonly run: Run;
  readonly progress: CopyProgress;
}

class BulkCopy {
  /** A migration wants to have the run: no more tables are begun. */
  isWanted = false;
  #asked = Number.NEGATIVE_INFINITY;
  /** The workers' calls share the session. */
  readonly #turns = new Mutex();
  readonly #of: BulkCopyOptions;

  constructor(of: BulkCopyOptions) {
    this.#of = of;
  }

  async copy(states: readonly TableState[], worker: Worker): Promise<void> {
    const left = states.length === 1 ? states : await this.#together(states, worker);
    for (const state of left) await this.#alone(state, worker);
  }

  async #alone(state: TableState, worker: Worker): Promise<void> {
    const { context, progress, run } = this.#of;
    const mapping = run.mappings.find(({ id }) => id === state.id);
    if (mapping === undefined || this.isWanted) return;
    if (worker.signal.aborted) throw new InterruptedError();
    const isTime = performance.now() - this.#asked > ASK_EVERY_MS;
    if (isTime) await this.#refuseDrift();
    if (isTime && (await this.#askWanted())) return;
    const { maxRows } = context.throttle;
    const loggedSince = run.captured ? run.watermark : null;
    await worker
      .do(
        "copy",
        { run: run.id, mapping, state, loggedSince, maxRows },
        {
          onRows: (rows) => progress.add(rows, mapping.source),
          rest: (page) => context.throttle.rest(page),
          isWanted: () => this.#askWanted(),
        },
      )
      .catch(async (error: unknown) => {
        // A column that was dropped meanwhile is an error of SQLite's.
        if (error instanceof SourceError) await this.#refuseDrift();
        throw error;
      });
  }

  /** Returns those that are still to be copied, each by itself. */
  async #together(states: readonly TableState[], worker: Worker): Promise<readonly TableState[]> {
    const { context, progress, run } = this.#of;
    const small = states.flatMap((state) => withMapping(run, state));
    const isWorth = small.length >= MANY_SMALL && small.length === states.length;
    if (this.isWanted || worker.signal.aborted || !isWorth) return states;
    const done = await worker.do(
      "copySmall",
      { run: run.id, tables: small },
      {
        onRows: (rows) => progress.add(rows, `${small.length} small tables`),
        rest: (work) => context.throttle.rest(work),
      },
    );
    return states.filter(({ id }) => !done.includes(id));
  }

  #refuseDrift(): Promise<void> {
    const { context, run, session } = this.#of;
    return this.#turns.run(() => refuseDrift(context, session, run));
  }

  #askWanted(): Promise<boolean> {
    const { run, session } = this.#of;
    return this.#turns.run(async () => {
      this.#asked = performance.now();
      this.isWanted ||= (await runLockRequester(session, run.id)) === MIGRATION;
      return this.isWanted;
    });
  }
}

/** So that no worker is left with the largest at the end. */
async function largestFirst({ source }: Context, states: readonly TableState[]): Promise<TableState[]> {
  const sizes = await tableSizes(
    source,
    states.filter(({ rows }) => rows > FEW_ROWS).map((state) => state.source),
  );
  const left = ({ copied, rows, source: table }: TableState) =>
    (sizes.get(table) ?? 0) * Math.max(0, 1 - copied / Math.max(1, rows));
  return [...states].sort(
    (one, other) => left(other) - left(one) || other.rows - other.copied - (one.rows - one.copied),
  );
}

const FEW_ROWS = 10_000;

/** So many small tables are worth being copied together, and no more than so many, for the sake of short snapshots. */
const MANY_SMALL = 8;
const MAX_SMALL = 32;

/** Each table by itself, but small ones together. Those come last. */
function inGroups(run: Run, states: readonly TableState[], areGrouped: boolean): (readonly TableState[])[] {
  const small = areGrouped ? states.filter((state) => withMapping(run, state).some(isSmall)) : [];
  if (small.length < MANY_SMALL) return states.map((state) => [state]);
  const others = states.filter((state) => !small.includes(state));
  return [
    ...others.map((state) => [state]),
    ...Array.from({ length: Math.ceil(small.length / MAX_SMALL) }, (_, group) =>
      small.slice(group * MAX_SMALL, (group + 1) * MAX_SMALL),
    ),
  ];
}

function withMapping(run: Run, state: TableState): SmallTable[] {
  // They are numbered in their order, as a rule.
  const mapping =
    run.mappings[state.id - 1]?.id === state.id
      ? run.mappings[state.id - 1]
      : run.mappings.find(({ id }) => id === state.id);
  return mapping === undefined ? [] : [{ mapping, state }];
}
