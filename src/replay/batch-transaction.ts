import type { TableMapping } from "../model/mapping.ts";
import type { EncodedRows } from "../rows/encode/copy-format.ts";
import { rejectedValues } from "../rows/find-rejected.ts";
import { largeRow } from "../rows/large-row.ts";
import { rejectionOf, rowRejectedError } from "../target/row-rejection.ts";
import { clearQuarantine } from "../target/store/quarantine-store.ts";
import { advanceWatermark } from "../target/store/run-store.ts";
import type { TargetTransaction } from "../target/target.ts";
import { applyOf, applyStaged, meetsAnother, upsertOf } from "./apply-staged.ts";
import { ReadAhead } from "./read-ahead.ts";
import type { Changes } from "./read-changes.ts";
import type { Batch, ReplayOptions, ReplayWork } from "./replay-batch.ts";
import { stageRowByRow } from "./stage-row-by-row.ts";
import { StagedTables } from "./staged-tables.ts";

/** So many entries are to come that it is worth a statement more for each pass. */
const MANY_ENTRIES = 20_000n;
// A backlog is sorted by its keys.
const MANY_ROWS = 20_000;
const SORT_MEMORY = "64MB";
const UNORDERED = { ascending: null, hasDeleted: false };

/** One batch of replay, in its transaction of the target. */
export class BatchTransaction {
  readonly #tx: TargetTransaction;
  readonly #options: ReplayOptions;
  readonly #staged = new StagedTables();
  #rows = 0;
  /** Staged and not yet applied. */
  #unapplied = 0;
  #appliesEarly: boolean;

  constructor(tx: TargetTransaction, options: ReplayOptions) {
    this.#tx = tx;
    this.#options = options;
    this.#appliesEarly = options.replacing === undefined;
  }

  async run(first: Changes, watermark: bigint): Promise<Batch> {
    const { reader, replacing, run } = this.#options;
    let changes = first;
    if (replacing !== undefined) {
      for (const mapping of replacing.mappings) this.#staged.add(mapping, UNORDERED);
      await replacing.stage(this.#tx);
      // Read after the pages, so that it says what became of their rows since.
      changes = await reader.read(watermark, { pass: 0 });
    }
    changes = await this.#stagePasses(changes);
    if (this.#rows > MANY_ROWS) await this.#tx.run(`set local work_mem = '${SORT_MEMORY}'`);
    await applyStaged(this.#tx, this.#options, this.#staged);
    await replacing?.settle(this.#tx);
    const lockRequestedBy = await advanceWatermark(this.#tx, {
      run,
      from: watermark,
      to: changes.through,
      seen: changes.last,
    });
    const entries = changes.through - watermark;
    return { watermark: changes.through, entries, rows: this.#rows, lastPass: workOf(changes), lockRequestedBy };
  }

  /** Stages all passes, and applies some of them early; returns the last one. */
  async #stagePasses(first: Changes): Promise<Changes> {
    const { onPass, reader, rest, signal } = this.#options;
    const ahead = new ReadAhead({ reader, first, signal, rest: async (pass) => rest?.(workOf(pass)) });
    let changes = first;
    try {
      const take = () => ahead.take({ holds: this.#appliesEarly });
      for (let passes = await take(); passes.length > 0; passes = await take()) {
        for (const pass of passes) onPass?.(pass);
        const stageAll = async () => {
          await this.#stageTables(passes);
          for (const pass of passes) await this.#stageLargeRow(pass);
        };
        // If all is applied at the end, reading goes on next to the staging; else there is time enough while staged
        // rows are applied.
        await (this.#appliesEarly ? ahead.without(stageAll) : stageAll());
        changes = passes.at(-1) ?? changes;
        // A row that came in chunks may be torn, and need not satisfy any constraint yet.
        this.#appliesEarly &&= passes.every(({ large }) => large === null);
        const isBacklog = changes.last - changes.through > MANY_ENTRIES;
        if (this.#appliesEarly && this.#unapplied >= MANY_ROWS && isBacklog) await this.#applyEarly();
      }
    } finally {
      await ahead.close();
    }
    return changes;
  }

  /** Passes of a table go together, those of a table that quarantines rows one by one. */
  async #stageTables(passes: readonly Changes[]): Promise<void> {
    const { run, source, stage } = this.#options;
    const together = new Map<TableMapping, EncodedRows[]>();
    for (const table of passes.flatMap(({ tables }) => tables)) {
      const { mapping } = table;
      if (table.refused > 0) throw await rejectedValues(source, mapping, null);
      await stage.prepare([mapping]);
      if (mapping.quarantine === true) await stageRowByRow(source, this.#tx, { run, mapping }, table);
      else together.set(mapping, [...(together.get(mapping) ?? []), ...table.rows]);
      this.#staged.add(mapping, table);
      this.#rows += table.keys;
      this.#unapplied += table.keys;
    }
    for (const [mapping, parts] of together)
      await stage.load(this.#tx, mapping, parts).catch((error: unknown) => rejected(error, mapping));
  }

  async #stageLargeRow({ pass, large }: Changes): Promise<void> {
    if (large === null) return;
    const { run, source, stage } = this.#options;
    const { key, mapping } = large;
    await stage.prepare([mapping]);
    const hasRejected = await stage.loadLargeRow(this.#tx, await largeRow(source, mapping, key), { source, pass });
    if (hasRejected) throw await rejectedValues(source, mapping, null);
    if (mapping.quarantine === true) await clearQuarantine(this.#tx, { run, mapping }, [key]);
    this.#staged.add(mapping, UNORDERED);
    this.#rows++;
  }

  /** Applies what is staged. Once rows of two passes have met in a unique index, the rest waits for the last pass. */
  async #applyEarly(): Promise<void> {
    const tables = this.#staged.mappings.filter(({ quarantine }) => quarantine !== true);
    const statements = tables.flatMap((mapping) => [
      ...(this.#staged.hasDeleted(mapping) ? [applyOf(mapping).remove] : []),
      applyOf(mapping)[upsertOf(this.#staged, mapping)],
      this.#options.stage.renderEmptying(mapping),
    ]);
    this.#unapplied = 0;
    try {
      // In one message: SQLite keeps this thread from hearing of any answer meanwhile.
      await this.#tx.run(
        [
          `set local work_mem = '${SORT_MEMORY}'`,
          "savepoint changeover_early",
          ...statements,
          "release savepoint changeover_early",
        ].join(";\n"),
      );
    } catch (error) {
      if (!meetsAnother(error)) throw error;
      await this.#tx.run("rollback to savepoint changeover_early; release savepoint changeover_early");
      this.#appliesEarly = false;
      return;
    }
    this.#staged.applied(tables);
  }
}

function rejected(error: unknown, mapping: TableMapping): never {
  const rejection = rejectionOf(error, mapping);
  throw rejection === null ? error : rowRejectedError(mapping, rejection, null);
}

function workOf({ tables, durationMs }: Changes): ReplayWork {
  return { rows: tables.reduce((sum, { keys }) => sum + keys, 0), durationMs };
}
