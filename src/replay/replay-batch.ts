import { ValueError } from "../errors.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { EncodedRows } from "../rows/encode/copy-format.ts";
import { rejectedValues } from "../rows/find-rejected.ts";
import { largeRow } from "../rows/large-row.ts";
import type { Source } from "../source/source.ts";
import { rejectionOf, rowRejectedError } from "../target/row-rejection.ts";
import { clearQuarantine } from "../target/store/quarantine-store.ts";
import { advanceWatermark } from "../target/store/run-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import { applyRowByRow, isRowsOwn } from "./apply-row-by-row.ts";
import { ReadAhead } from "./read-ahead.ts";
import type { ChangeReader, Changes } from "./read-changes.ts";
import { type ApplyStatements, renderApply, type Stage } from "./stage.ts";
import { stageRowByRow } from "./stage-row-by-row.ts";
import { StagedTables } from "./staged-tables.ts";

export interface ReplayOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly stage: Stage;
  readonly reader: ChangeReader;
  readonly signal?: AbortSignal;
  /** Whether the commit must survive a crash of the server by itself. A later one that does covers earlier ones. */
  readonly durable?: boolean;
  readonly onPass?: (changes: Changes) => void;
  /** Called between two snapshots of the source: rests as long as it should. */
  readonly rest?: (pass: Work) => Promise<unknown>;
  /** Tables whose rows are all replaced by this batch. */
  readonly replacing?: Replacing;
  /** How the source is first read, while the session is free: the signal ends the wait for its lock. */
  readonly admit?: <T>(work: (signal?: AbortSignal) => Promise<T>) => Promise<T>;
}

export interface Replacing {
  readonly mappings: readonly TableMapping[];
  /** Stages all their rows, page by page. The log must have held every change since the first page. */
  readonly stage: (tx: TargetTransaction) => Promise<void>;
  /** Runs last, in the batch's transaction. */
  readonly settle: (tx: TargetTransaction) => Promise<void>;
}

/** What a snapshot brought and how long it was open, ms. */
export interface Work {
  readonly rows: number;
  readonly durationMs: number;
}

export interface Batch {
  /** The target now equals the source's snapshot at this `seq`. */
  readonly watermark: bigint;
  /** Log entries brought over. */
  readonly entries: bigint;
  readonly rows: number;
  readonly lastPass: Work;
  readonly handover: string | null;
}

/**
 * Brings everything logged since `watermark` over in one target transaction, which ends at a
 * source snapshot. Null if there was nothing.
 *
 * A backlog is read in passes, each in a short snapshot of its own, so that none pins the source's WAL
 * and memory stays bounded. A row that changes after its pass is logged again and brought again, and the last pass reaches the log's
 * end in its own snapshot. So what is committed is that snapshot, whatever the passes saw before. While many are to come, what is staged is
 * applied from time to time, and the next are read meanwhile: neither SQLite nor PostgreSQL waits for the other.
 */
export async function replayBatch(options: ReplayOptions, watermark: bigint): Promise<Batch | null> {
  const { reader, session, stage } = options;
  const { replacing } = options;
  const readFirst = (signal?: AbortSignal) => reader.read(watermark, { pass: 0, signal });
  const first = await (options.admit === undefined ? readFirst() : options.admit(readFirst));
  if (first.through === watermark && replacing === undefined) return null;
  await stage.prepare([...first.tables.map(({ mapping }) => mapping), ...(replacing?.mappings ?? [])]);
  const work = async (tx: TargetTransaction): Promise<Batch> => {
    if (options.durable !== true) await tx.run("set local synchronous_commit = off");
    const staged = new StagedTables();
    for (const mapping of replacing?.mappings ?? []) staged.add(mapping, UNORDERED);
    let rows = 0;
    // Staged and not yet applied.
    let waiting = 0;
    let changes = first;
    let appliesEarly = replacing === undefined;
    // Read after the pages, so that it says what became of their rows since.
    if (replacing !== undefined) {
      await replacing.stage(tx);
      changes = await reader.read(watermark, { pass: 0 });
    }
    // Passes of a table go together, those of one that quarantines rows  one by one.
    const stageTables = async (passes: readonly Changes[]) => {
      const together = new Map<TableMapping, EncodedRows[]>();
      for (const table of passes.flatMap(({ tables }) => tables)) {
        if (table.refused > 0) throw await rejectedValues(options.source, table.mapping, null);
        await stage.prepare([table.mapping]);
        if (table.mapping.quarantine === true)
          await stageRowByRow(options.source, tx, { run: options.run, mapping: table.mapping }, table);
        else together.set(table.mapping, [...(together.get(table.mapping) ?? []), ...table.rows]);
        staged.add(table.mapping, table);
        rows += table.keys;
        waiting += table.keys;
      }
      for (const [mapping, parts] of together)
        await stage.load(tx, mapping, parts).catch((error: unknown) => refused(error, mapping));
    };
    const stageLargeRow = async ({ pass, large }: Changes) => {
      if (large === null) return;
      const { key, mapping } = large;
      await stage.prepare([mapping]);
      if (await stage.loadLargeRow(tx, await largeRow(options.source, mapping, key), { source: options.source, pass }))
        throw await rejectedValues(options.source, mapping, null);
      if (mapping.quarantine === true) await clearQuarantine(tx, { run: options.run, mapping }, [key]);
      staged.add(mapping, UNORDERED);
      rows++;
    };
    /** What is staged, of tables whose rows go over as they are. Once two rows of different passes have met in a unique index, all that follows waits for the last pass. */
    const applyEarly = async () => {
      const tables = staged.mappings.filter(({ quarantine }) => quarantine !== true);
      const statements = tables.flatMap((mapping) => [
        ...(staged.hasDeleted(mapping) ? [applyOf(mapping).remove] : []),
        applyOf(mapping)[upsertOf(staged, mapping)],
        stage.renderEmptying(mapping),
      ]);
      waiting = 0;
      try {
        // At one go: SQLite keeps this thread from hearing of any answer meanwhile.
        await tx.run(
          [
            `set local work_mem = '${SORT_MEMORY}'`,
            "savepoint changeover_early",
            ...statements,
            "release savepoint changeover_early",
          ].join(";\n"),
        );
      } catch (error) {
        if (!meetsAnother(error)) throw error;
        await tx.run("rollback to savepoint changeover_early; release savepoint changeover_early");
        appliesEarly = false;
        return;
      }
      staged.applied(tables);
    };
    const ahead = new ReadAhead({
      reader,
      first: changes,
      signal: options.signal,
      rest: async (pass) => options.rest?.(workOf(pass)),
    });
    try {
      const take = () => ahead.take({ holds: appliesEarly });
      for (let passes = await take(); passes.length > 0; passes = await take()) {
        for (const pass of passes) options.onPass?.(pass);
        const stageAll = async () => {
          await stageTables(passes);
          for (const pass of passes) await stageLargeRow(pass);
        };
        // Where all is applied at the end, there is only this to read beside; else there is time enough while what is staged is applied.
        await (appliesEarly ? ahead.without(stageAll) : stageAll());
        changes = passes.at(-1) ?? changes;
        // A row that came in pieces may be torn, and not what any constraint would let pass.
        appliesEarly &&= passes.every(({ large }) => large === null);
        if (appliesEarly && waiting >= MANY_ROWS && changes.last - changes.through > MANY_ENTRIES) await applyEarly();
      }
    } finally {
      await ahead.close();
    }
    if (rows > MANY_ROWS) await tx.run(`set local work_mem = '${SORT_MEMORY}'`);
    await applyAll(tx, options, staged);
    await replacing?.settle(tx);
    const handover = await advanceWatermark(tx, {
      run: options.run,
      from: watermark,
      to: changes.through,
      seen: changes.last,
    });
    return {
      watermark: changes.through,
      entries: changes.through - watermark,
      rows,
      lastPass: workOf(changes),
      handover,
    };
  };
  try {
    return await session.transaction(work);
  } catch (error) {
    stage.forget();
    throw error;
  }
}

function refused(error: unknown, mapping: TableMapping): never {
  const rejection = rejectionOf(error, mapping);
  throw rejection === null ? error : rowRejectedError(mapping, rejection, null);
}

function workOf({ tables, durationMs }: Changes): Work {
  return { rows: tables.reduce((sum, { keys }) => sum + keys, 0), durationMs };
}

/** So many entries are to come that it is worth a statement more for each pass. */
const MANY_ENTRIES = 20_000n;

const UNIQUE_VIOLATION = "23505";
const EXCLUSION_VIOLATION = "23P01";

// A backlog is sorted by its keys.
const MANY_ROWS = 20_000;
const SORT_MEMORY = "64MB";

async function applyAll(tx: TargetTransaction, options: ReplayOptions, staged: StagedTables): Promise<void> {
  const replaced = options.replacing?.mappings ?? [];
  for (const mapping of replaced) {
    const apply = applyOf(mapping);
    await bring(tx, options, { mapping, apply, how: "insert", first: apply.clear }).catch((cause: unknown) => {
      throw sqlState(cause)?.startsWith("23") === true ? conflict(mapping, cause) : cause;
    });
  }
  const statements = staged.mappings
    .filter((mapping) => !replaced.includes(mapping))
    .map((mapping) => ({ mapping, apply: applyOf(mapping) }));
  try {
    await tx.savepoint(async () => {
      for (const { mapping, apply } of statements)
        await bring(tx, options, {
          mapping,
          apply,
          how: upsertOf(staged, mapping),
          first: staged.hasDeleted(mapping) ? apply.remove : "",
        });
    });
  } catch (error) {
    if (!meetsAnother(error)) throw error;
    // Two rows swapped a unique value: the snapshot is sound, but not every order of its rows is.
    for (const { mapping, apply } of statements) {
      await bring(tx, options, { mapping, apply, how: "insert", first: apply.removeAll }).catch((cause: unknown) => {
        throw sqlState(cause)?.startsWith("23") === true ? conflict(mapping, cause) : cause;
      });
    }
  }
}

/** A row was not let in for another one's sake. */
function meetsAnother(error: unknown): boolean {
  const state = sqlState(error);
  return state === UNIQUE_VIOLATION || state === EXCLUSION_VIOLATION;
}

interface Bring {
  readonly mapping: TableMapping;
  readonly apply: ApplyStatements;
  readonly how: "upsert" | "upsertAscending" | "insert";
  /** What is deleted before; empty for nothing. */
  readonly first: string;
}

async function bring(
  tx: TargetTransaction,
  options: ReplayOptions,
  { mapping, apply, how, first }: Bring,
): Promise<void> {
  const whole = () => tx.run(first === "" ? apply[how] : `${first};\n${apply[how]}`);
  if (mapping.quarantine !== true) return whole();
  try {
    await tx.savepoint(whole);
  } catch (error) {
    if (!isRowsOwn(error)) throw error;
    if (first !== "") await tx.run(first);
    await applyRowByRow(tx, {
      source: options.source,
      place: { run: options.run, mapping },
      apply,
      how: how === "insert" ? "insert" : "upsert",
    });
  }
}

function upsertOf(staged: StagedTables, mapping: TableMapping): "upsert" | "upsertAscending" {
  return staged.isAscending(mapping) ? "upsertAscending" : "upsert";
}

const UNORDERED = { ascending: null, hasDeleted: false };

const applied = new WeakMap<TableMapping, ApplyStatements>();

function applyOf(mapping: TableMapping): ApplyStatements {
  const known = applied.get(mapping) ?? renderApply(mapping);
  applied.set(mapping, known);
  return known;
}

function conflict(mapping: TableMapping, cause: unknown): ValueError {
  const constraint =
    cause instanceof Error && "context" in cause ? (cause.context as Record<string, unknown>)["constraint"] : undefined;
  return new ValueError({
    code: "TARGET_CONSTRAINT",
    message: `table ${mapping.source}: rows that the source allows break ${typeof constraint === "string" ? `the constraint ${constraint}` : "a constraint"} of the target`,
    hint: "correct the rows in the source, or the constraint in the target; then run the same command again",
    context: { table: mapping.source, constraint },
    cause,
  });
}
