import { isSmall, type SmallTable } from "../copy/copy-small-tables.ts";
import { InterruptedError, SourceError } from "../errors.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import type { Run, TableState } from "../model/run.ts";
import { Mutex } from "../mutex.ts";
import { pgName, pgTable } from "../quote.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { tableSizes } from "../source/btree/table-size.ts";
import { sql } from "../sql.ts";
import { renderCount } from "../status/render-count.ts";
import { analyzeAll } from "../target/analyze.ts";
import type { Deferred } from "../target/deferred/deferred-objects.ts";
import { restoreDeferred } from "../target/deferred/restore-deferred.ts";
import { runLockRequester } from "../target/store/run-lock.ts";
import { setPhase } from "../target/store/run-store.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { Context } from "./context.ts";
import { nobodyWrites } from "./nobody-writes.ts";
import { onWorkers, sessionsFor, type Worker } from "./on-workers.ts";
import { mustLoad } from "./require-run.ts";
import { catchUp, refuseDrift } from "./sync.ts";
import { whileWatched } from "./watch-application.ts";
import { MIGRATION, yieldRunLock } from "./yield-run-lock.ts";

/**
 * The bulk load, from wherever it stands: the pages that are missing, then the keys' indexes, the first
 * catch-up, and everything else that was taken off but foreign keys and triggers.
 */
export async function load(context: Context, session: TargetSession): Promise<Run> {
  const run = await mustLoad(session);
  if (run.phase !== "new" && run.phase !== "copying") return run;
  if (!(await whileWatched(context, run, () => copyAll(context, session, run)))) {
    // Whoever had the run may have changed the tables.
    await yieldRunLock(context, session);
    return load(context, session);
  }
  const sessions = { first: session, target: context.target, max: sessionsFor(context) };
  const onKey = ({ name, relation }: Deferred) =>
    context.report({ kind: "step", message: `building ${name} on ${relation}` });
  const onEach = (object: Deferred) => {
    if (context.signal.aborted) throw new InterruptedError();
    onKey(object);
  };
  const targets = run.mappings.map(({ target }) => target);
  // Replay needs the keys and is slower for the others. Where there is nothing to replay, nobody need wait for the last
  // key.
  const isStill =
    !run.captured || (!context.signal.aborted && (await context.source.read(lastLogged)) <= run.watermark);
  await restoreDeferred(sessions, run.id, isStill ? ["copied", "caught-up"] : ["copied"], {
    onEach: isStill ? onEach : onKey,
    analyzed: targets,
  });
  await ensureKeys(session, run.mappings);
  if (run.captured) {
    context.report({ kind: "step", message: "catching up with what was written during the copy" });
    await catchUp(context, session);
    await restoreDeferred(sessions, run.id, ["caught-up"], { onEach });
  }
  const counted = await session.rows<{ has: boolean }>(sql("target/tables-with-expressions"), [targets.map(pgTable)]);
  await analyzeAll(
    sessions,
    targets.filter((_, index) => counted[index]?.has === true),
  );
  if (run.captured) await setPhase(session, run.id, "syncing");
  return mustLoad(session);
}

/** Thousands of tiny tables would spend half of their time with questions. */
const ASK_EVERY_MS = 100;

/** False if a migration wants to have the run first. */
async function copyAll(context: Context, session: TargetSession, run: Run): Promise<boolean> {
  const tables = await loadTables(session, run.id);
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  let copied = tables.reduce((sum, table) => sum + table.copied, 0);
  const missing = tables.filter(({ done }) => !done);
  context.report({ kind: "step", message: `copying ${renderCount(missing.length, "table")}` });
  let isWanted = false;
  let asked = Number.NEGATIVE_INFINITY;
  // The workers' calls share this session.
  const turns = new Mutex();
  const parts = new Map(tables.map(({ copied: done, rows, source }) => [source, { done, total: rows }]));
  const onRowsOf = (detail: string) => (rows: number) => {
    copied += rows;
    const part = parts.get(detail);
    if (part !== undefined) {
      part.done += rows;
      part.total = Math.max(part.total, part.done);
    }
    context.report({
      kind: "progress",
      phase: "copy",
      done: copied,
      total: Math.max(total, copied),
      unit: "rows",
      detail,
      ...(part === undefined ? {} : { part: { ...part } }),
    });
  };
  const copyOne = async (state: TableState, worker: Worker) => {
    const mapping = run.mappings.find(({ id }) => id === state.id);
    if (mapping === undefined || isWanted) return;
    if (worker.signal.aborted) throw new InterruptedError();
    const isTime = performance.now() - asked > ASK_EVERY_MS;
    if (isTime) await turns.run(() => refuseDrift(context, session, run));
    const askWanted = () =>
      turns.run(async () => {
        asked = performance.now();
        return (isWanted ||= (await runLockRequester(session, run.id)) === MIGRATION);
      });
    if (isTime && (await askWanted())) return;
    await worker
      .do(
        "copy",
        {
          run: run.id,
          mapping,
          state,
          loggedSince: run.captured ? run.watermark : null,
          maxRows: context.throttle.maxRows,
        },
        {
          onRows: onRowsOf(mapping.source),
          rest: (page) => context.throttle.rest(page),
          isWanted: askWanted,
        },
      )
      .catch(async (error: unknown) => {
        // A column that was dropped meanwhile is an error of SQLite's.
        if (error instanceof SourceError) await turns.run(() => refuseDrift(context, session, run));
        throw error;
      });
  };
  const copyTogether = async (states: readonly TableState[], worker: Worker) => {
    const small = states.flatMap((state) => withMapping(run, state));
    if (isWanted || worker.signal.aborted || small.length < MANY_SMALL || small.length < states.length) return states;
    const done = await worker.do(
      "copySmall",
      { run: run.id, tables: small },
      { onRows: onRowsOf(`${small.length} small tables`), rest: (work) => context.throttle.rest(work) },
    );
    return states.filter(({ id }) => !done.includes(id));
  };
  const items = await largestFirst(context, missing);
  await onWorkers(
    context,
    {
      session,
      items: inGroups(run, items, context.throttle.maxRows === null),
      isAtRest: await nobodyWrites(context, run),
    },
    async (states, worker) => {
      for (const state of states.length === 1 ? states : await copyTogether(states, worker))
        await copyOne(state, worker);
    },
  );
  if (isWanted) return false;
  context.report({
    kind: "step",
    message: `${renderCount(copied, "row")} of ${renderCount(tables.length, "table")} copied`,
  });
  return true;
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
const MOST_SMALL = 32;

/** Each table by itself, but small ones together. Those come last. */
function inGroups(run: Run, states: readonly TableState[], areGrouped: boolean): (readonly TableState[])[] {
  const small = areGrouped ? states.filter((state) => withMapping(run, state).some(isSmall)) : [];
  if (small.length < MANY_SMALL) return states.map((state) => [state]);
  const others = states.filter((state) => !small.includes(state));
  return [
    ...others.map((state) => [state]),
    ...Array.from({ length: Math.ceil(small.length / MOST_SMALL) }, (_, group) =>
      small.slice(group * MOST_SMALL, (group + 1) * MOST_SMALL),
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

/**
 * Replay finds rows by a unique index on the key; where the target's own schema has none, one of ours serves until the
 * cutover.
 */
export async function ensureKeys(session: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  const catalogue = await readCatalogue(session);
  const tables = new Map(catalogue.tables.map((table) => [pgTable(table), table]));
  const missing = mappings.filter((mapping) => {
    const keys = keyColumns(mapping).map(({ target }) => target);
    const known = tables.get(pgTable(mapping.target))?.keys ?? [];
    return !known.some((columns) => columns.length === keys.length && columns.every((column) => keys.includes(column)));
  });
  for (let from = 0; from < missing.length; from += KEYS_AT_ONCE)
    await session.run(
      missing
        .slice(from, from + KEYS_AT_ONCE)
        .map(renderOwnKey)
        .join(";\n"),
    );
}

/** In one message, which is one transaction. */
const KEYS_AT_ONCE = 32;

function renderOwnKey(mapping: TableMapping): string {
  const keys = keyColumns(mapping).map(({ target }) => pgName(target));
  return (
    `create unique index if not exists ${pgName(ownKeyName(mapping))} on ${pgTable(mapping.target)} ` +
    `(${keys.join(", ")})`
  );
}

/** Name of the unique index that we add where the target has none on the key. */
export function ownKeyName(mapping: TableMapping): string {
  return `_changeover_key_${mapping.id}`;
}
