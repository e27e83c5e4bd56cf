import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { TableState } from "../model/run.ts";
import { rejectedValues } from "../rows/find-rejected.ts";
import type { Source } from "../source/source.ts";
import { rejectionOf, rowRejectedError } from "../target/row-rejection.ts";
import { stateOf } from "../target/state-schema.ts";
import { savePage } from "../target/store/table-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { copyLargeRow } from "./copy-large-row.ts";
import type { CopyPosition } from "./copy-position.ts";
import { copyRowByRow } from "./copy-row-by-row.ts";
import { copyStream } from "./copy-stream.ts";
import { dropLogged } from "./drop-logged.ts";
import { keyAtPlace, keyOfLine } from "./find-row-key.ts";
import type { Page } from "./page.ts";
import { PageLimits } from "./page-limits.ts";
import { readPage } from "./read-page.ts";
import { PageReader } from "./read-stored-page.ts";
import { renderPageQueries } from "./render-page.ts";
import { unlessMoved } from "./rows-moved.ts";

export interface CopyOptions {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  readonly signal?: AbortSignal;
  /** The `seq` after which the change log has every write to the source; null where nothing is written. */
  readonly loggedSince: bigint | null;
  /** Rows of a page at most. */
  readonly maxRows?: number | null;
  readonly onRows: (rows: number, bytes: number) => void;
  /** Called after each page, between two snapshots: pauses as long as it should. */
  readonly rest?: (page: { readonly rows: number; readonly durationMs: number }) => Promise<unknown>;
  /** Asked between two transactions: whether another process needs the run now. */
  readonly isWanted?: () => Promise<boolean>;
}

// At the end of a COPY we wait until PostgreSQL has taken what is in the sockets, some 6 MB. Then PostgreSQL waits for
// us. With transactions of 8 MB that is a third of the time. What a kill loses of one is copied again.
const TRANSACTION_BYTES = 128 << 20;
/** The first transaction of a table is soon done, and shows how it goes. */
const FIRST_BYTES = 1 << 20;
const TRANSACTION_MS = 2_000;
/** If a crash of the server loses the last pages, it loses their position with them. */
const NOT_DURABLE = { isDurable: false };

/** One copy of a table, from a position on. */
export class TableCopy {
  readonly #source: Source;
  readonly #session: TargetSession;
  readonly #options: CopyOptions;
  readonly #place: CopyPosition;
  readonly #limits: PageLimits;
  readonly #queries: ReturnType<typeof renderPageQueries>;
  readonly #pageReader: PageReader | null;
  #position: Tuple | null;
  /** The position that is committed. */
  #committed: Tuple | null;
  #maxBytes = FIRST_BYTES;
  /** Pages of the present transaction came by the fast path. */
  #hasFastPath = false;
  #isDone = false;

  constructor(source: Source, session: TargetSession, options: CopyOptions, place: CopyPosition) {
    this.#source = source;
    this.#session = session;
    this.#options = options;
    this.#place = place;
    this.#queries = renderPageQueries(options.mapping, place.order);
    this.#limits = new PageLimits({ maxRows: options.maxRows ?? null, expectsFastPath: source.kind === "file" });
    // With a rate to keep, pages have no more rows than are wanted; a page of the file has as many as it has.
    this.#pageReader = options.maxRows == null ? PageReader.of(source, options.mapping, place.order) : null;
    this.#position = this.#committed = place.start;
  }

  async run(): Promise<"done" | "wanted"> {
    const { isWanted, onRows } = this.#options;
    if (this.#place.dropped > 0) onRows(-this.#place.dropped, 0);
    let next = await this.#read();
    while (next !== null) {
      next = await this.#commit(next);
      this.#maxBytes = TRANSACTION_BYTES;
      if (next !== null && (await isWanted?.()) === true) return "wanted";
    }
    if (!this.#isDone) await this.#session.transaction((tx) => this.#markDone(tx), NOT_DURABLE);
    return "done";
  }

  /** Commits pages, the given one first; returns the page after them, or null at the end of the table. */
  async #commit(first: Page): Promise<Page | null> {
    this.#committed = this.#position;
    this.#hasFastPath = false;
    this.#isDone = false;
    try {
      return await this.#session.transaction(
        (tx) => (first.isLargeRow ? this.#copyLargeRow(tx, first) : this.#copyPages(tx, first)),
        NOT_DURABLE,
      );
    } catch (error) {
      await this.#explain(error);
      this.#position = this.#committed;
      return this.#read();
    }
  }

  /**
   * Throws the error, with the row's key if it is about a row; returns if the pages may still be read by the slow path.
   */
  async #explain(error: unknown): Promise<void> {
    const { mapping } = this.#options;
    const rejection = rejectionOf(error, mapping);
    if (rejection === null) throw error;
    // The fast path checks values less closely. The slow path names what is wrong with them.
    if (this.#hasFastPath) return this.#limits.giveUpFastPath();
    const { line } = rejection;
    const from = { order: this.#place.order, after: this.#committed };
    const key = line === null ? null : await keyOfLine(this.#source, mapping, { ...from, line });
    throw rowRejectedError(mapping, rejection, key);
  }

  async #copyPages(tx: TargetTransaction, first: Page): Promise<Page | null> {
    const { mapping, onRows, rest, run } = this.#options;
    const copy =
      mapping.quarantine === true ? copyRowByRow(this.#source, tx, { run, mapping }) : copyStream(tx, mapping);
    const began = performance.now();
    let page: Page | null = first;
    let rows = 0;
    let bytes = 0;
    while (page !== null && !page.isLargeRow && bytes < this.#maxBytes && performance.now() - began < TRANSACTION_MS) {
      if (page.refused > 0) throw await this.#rejectedValues();
      this.#limits.learn(page);
      this.#hasFastPath ||= page.isFastPath;
      // PostgreSQL takes these bytes while SQLite makes the next.
      const sent = copy.write(page);
      // Awaited below. If it fails sooner, nobody would listen yet, and Node would end the process.
      sent.catch(() => {});
      rows += page.rows;
      bytes += page.data.byteLength;
      this.#position = page.last;
      await rest?.(page);
      page = page.isLast ? null : await this.#read();
      await sent;
    }
    await copy.finish();
    this.#isDone = page === null;
    if (this.#isDone) await this.#dropMoved(tx);
    // With the last page, so that a small table costs one commit and no wait for the disk.
    await this.#save(tx, rows);
    onRows(rows, bytes);
    return page;
  }

  async #copyLargeRow(tx: TargetTransaction, page: Page): Promise<Page | null> {
    const { mapping, onRows, rest } = this.#options;
    const key = await keyAtPlace(this.#source, mapping, { order: this.#place.order, place: page.last });
    const copied = key === null ? { bytes: 0, refused: false } : await copyLargeRow(this.#source, tx, mapping, key);
    if (copied.refused) throw await this.#rejectedValues();
    this.#position = page.last;
    await this.#save(tx, page.rows);
    onRows(page.rows, copied.bytes);
    await rest?.(page);
    return this.#read();
  }

  async #save(tx: TargetTransaction, rows: number): Promise<void> {
    await savePage(tx, {
      run: this.#options.run,
      table: this.#options.mapping.id,
      rows,
      from: this.#place.saved(this.#committed),
      position: this.#place.saved(this.#position),
      done: this.#isDone,
    });
  }

  async #markDone(tx: TargetTransaction): Promise<void> {
    await this.#dropMoved(tx);
    await tx.rows(`update ${stateOf(tx)}.table_state set done = true where run = $1 and id = $2`, [
      this.#options.run,
      this.#options.mapping.id,
    ]);
  }

  /** Rows that moved while they were read by rowid are brought by replay. */
  async #dropMoved(tx: TargetTransaction): Promise<void> {
    const { loggedSince, mapping } = this.#options;
    if (this.#place.version !== null && loggedSince !== null) await dropLogged(this.#source, tx, mapping, loggedSince);
  }

  /** The next page: by the page reader where it can, else by SQL. */
  #read(): Promise<Page | null> {
    if (this.#options.signal?.aborted === true) throw new InterruptedError();
    return unlessMoved(this.#source, this.#place.version, async (source) => {
      const page =
        this.#pageReader !== null && this.#limits.expectsPageReader
          ? await this.#pageReader.read(source, this.#position, this.#limits)
          : "unknown";
      return page === "unknown"
        ? readPage(source, this.#queries, this.#options.mapping, this.#position, this.#limits)
        : page;
    });
  }

  #rejectedValues(): Promise<Error> {
    return rejectedValues(this.#source, this.#options.mapping, this.#position, this.#place.order);
  }
}
