import { RefusedError } from "../errors.ts";
import { FENCE_TABLE, HANDED_OVER, LOG_TABLE } from "../model/change-log.ts";
import { keyColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { bindKey } from "../rows/bind-key.ts";
import type { Source, SourceReader, SourceWriter } from "../source/source.ts";
import { recordFailbackBatch } from "../target/store/failback-store.ts";
import { listQuarantine } from "../target/store/quarantine-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import {
  type ChangedPage,
  changedPage,
  forgetChanges,
  type LogPlace,
  type Pending,
  pendingChanges,
  type SeenChanges,
  tablesOfBatch,
} from "./capture/target-changes.ts";
import type { FailbackTable } from "./failback-table.ts";
import { RowWriter } from "./row-writer.ts";
import { silenceTriggers } from "./silence-triggers.ts";
import { recordBatch } from "./source-record.ts";
import type { ValueLoss } from "./value-losses.ts";

export interface FailbackOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly tables: readonly FailbackTable[];
  /** Runs in the batch's own transaction: throws if the source is no longer what was fenced. */
  readonly checkSource: (tx: SourceReader) => Promise<void>;
  /** Triggers were dropped and recreated: tells whoever watches for drift. */
  readonly onSchemaChange: (tx: SourceReader) => Promise<void>;
  readonly lockWaitMs?: number;
}

export interface FailbackBatch {
  /** Keys that were looked at. */
  readonly entries: number;
  /** Rows that were changed in the source. */
  readonly rows: number;
  readonly rounded: number;
  /** Values that the source holds in part, or not at all. */
  readonly losses: readonly ValueLoss[];
}

/**
 * One snapshot of the target, in one transaction of the source; null if nothing changed. Killed anywhere, the same keys
 * are looked at again.
 */
export async function failbackBatch(options: FailbackOptions): Promise<FailbackBatch | null> {
  const mappings = options.tables.map(({ mapping }) => mapping);
  for (;;) {
    const locked = await tablesOfBatch(options.session, mappings);
    const batch = await options.session.transaction(
      async (tx) => {
        const seen = await pendingChanges(tx, mappings, locked);
        return seen === null ? OTHERS_CHANGED : bring(tx, options, seen);
      },
      { isolation: "repeatable read" },
    );
    if (batch !== OTHERS_CHANGED) return batch;
  }
}

/** A table got its first change between the question and the snapshot. */
const OTHERS_CHANGED = Symbol("others changed");

async function bring(
  tx: TargetTransaction,
  options: FailbackOptions,
  seen: SeenChanges,
): Promise<FailbackBatch | null> {
  const { run, tables } = options;
  const { pending } = seen;
  if (pending.length === 0) {
    await forgetChanges(tx, seen);
    return null;
  }
  const pages = new Pages(tx);
  refuseIrregularKeys(tables, pending);
  const kept = await quarantinedKeys(tx, options, pending);
  // What there is to do is read before the source is locked, unless it is too much to hold.
  for (const changes of pending) if (changes.entries <= 1_000) await pages.next(changes, 0n);
  const written = await options.source.write((source) => writeBatch(source, options, { pending, pages, kept }), {
    foreignKeys: "off",
    checkpoint: true,
    lockWaitMs: options.lockWaitMs,
  });
  await forgetChanges(tx, seen);
  await recordFailbackBatch(tx, run, written);
  return { ...written, entries: pending.reduce((sum, { entries }) => sum + entries, 0) };
}

interface Batch {
  readonly pending: readonly Pending[];
  readonly pages: Pages;
  readonly kept: ReadonlyMap<number, readonly ReturnType<typeof bindKey>[]>;
}

async function writeBatch(
  tx: SourceWriter,
  options: FailbackOptions,
  { pending, pages, kept }: Batch,
): Promise<Omit<FailbackBatch, "entries">> {
  await options.checkSource(tx);
  const fence = sqliteName(FENCE_TABLE);
  // For us alone: others see this transaction only once the fence is up again.
  await tx.run(`DELETE FROM ${fence}`);
  const concerned = pending.flatMap(({ mapping }) => options.tables.filter((table) => table.mapping === mapping));
  const restore = await silenceTriggers(tx, concerned);
  let [rows, rounded] = [0, 0];
  const writers: RowWriter[] = [];
  for (const changes of pending) {
    const { mapping, whole } = changes;
    const table = concerned.find((candidate) => candidate.mapping === mapping);
    if (table === undefined) continue;
    // Whatever stands in the target now came after it was truncated, and is in the log as well.
    if (whole) rows += await empty(tx, table, kept.get(mapping.id) ?? []);
    const writer = new RowWriter(tx, table);
    writers.push(writer);
    for (let page = await pages.next(changes, 0n); page.next !== null; page = await pages.next(changes, page.next))
      await writer.page(page.rows);
  }
  const losses: ValueLoss[] = [];
  for (const writer of writers) {
    await writer.settle();
    for (const loss of writer.losses) losses.push(loss);
    rows += writer.rows;
    rounded += writer.rounded;
  }
  await restore();
  if (concerned.some(({ silenced }) => silenced.length > 0)) await options.onSchemaChange(tx);
  const log = sqliteName(LOG_TABLE);
  // Capture logged what we wrote. Nobody needs it; the last entry keeps its count.
  await tx.run(`DELETE FROM ${log} WHERE seq < (SELECT max(seq) FROM ${log})`);
  await recordBatch(tx, options.run, rows);
  await tx.run(`INSERT INTO ${fence} VALUES(${HANDED_OVER})`);
  return { rows, rounded, losses };
}

/** Pages of the snapshot; the first of each table is kept, since the source may ask for it again after SQLITE_BUSY. */
class Pages {
  readonly #tx: TargetTransaction;
  readonly #first = new Map<number, ChangedPage>();

  constructor(tx: TargetTransaction) {
    this.#tx = tx;
  }

  async next(changes: Pending, from: LogPlace): Promise<ChangedPage> {
    const { id } = changes.mapping;
    const known = from === 0n ? this.#first.get(id) : undefined;
    if (known !== undefined) return known;
    const page = await changedPage(this.#tx, changes, from);
    if (from === 0n) this.#first.set(id, page);
    return page;
  }
}

/** Rows that the target never had stay where they are, even where it was truncated. */
async function quarantinedKeys(
  tx: TargetTransaction,
  { run }: FailbackOptions,
  pending: readonly Pending[],
): Promise<Batch["kept"]> {
  const kept = new Map<number, ReturnType<typeof bindKey>[]>();
  for (const { mapping, whole } of pending) {
    if (!whole || mapping.quarantine !== true) continue;
    const keys: ReturnType<typeof bindKey>[] = [];
    for (let after = 0n; ; ) {
      const entries = await listQuarantine(tx, { run, table: mapping.source, after, limit: 1_000 });
      for (const { key, what } of entries) if (what === "row") keys.push(bindKey(key));
      const last = entries.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    kept.set(mapping.id, keys);
  }
  return kept;
}

async function empty(
  tx: SourceWriter,
  { mapping, table }: FailbackTable,
  kept: readonly ReturnType<typeof bindKey>[],
): Promise<number> {
  const name = sqliteName(table.name);
  const keys = keyColumns(mapping).map(({ source }) => `${sqliteName(source)} COLLATE BINARY`);
  // SQLite cannot bind more than so many at once.
  if (kept.length * keys.length > 30_000)
    throw new RangeError(`${mapping.source} has too many rows in the quarantine to be emptied`);
  const but =
    kept.length === 0
      ? ""
      : ` WHERE (${keys.join(", ")}) NOT IN (VALUES ` +
        `${kept.map(({ expressions }) => `(${expressions.join(", ")})`).join(", ")})`;
  const [before] = await tx.rows(`SELECT count(*) FROM ${name}`);
  await tx.run(
    `DELETE FROM ${name}${but}`,
    kept.flatMap(({ args }) => args),
  );
  return Number(before?.[0] ?? 0) - kept.length;
}

/** A row whose key is written like no other would not be found again, and come back twice. */
function refuseIrregularKeys(tables: readonly FailbackTable[], pending: readonly Pending[]): void {
  const table = tables.find(
    ({ mapping, keys }) =>
      keys.some(({ formats }) => formats.irregular) && pending.some((changes) => changes.mapping === mapping),
  );
  if (table === undefined) return;
  throw new RefusedError({
    code: "KEY_CANNOT_RETURN",
    message:
      `rows of ${table.mapping.source} cannot go back: some of its keys in the source are written in a ` +
      `way that PostgreSQL's values do not tell (a UUID in mixed case, say)`,
    hint: "`changeover complete` ends the run without a failback",
    context: { table: table.mapping.source },
  });
}
