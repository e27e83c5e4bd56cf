import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import { Mutex } from "../mutex.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { lastLogged } from "../rows/change-log.ts";
import { PageSize } from "../rows/page-size.ts";
import type { SourceReader } from "../source/source.ts";
import { lookUpQuarantine } from "../target/store/quarantine-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { type CanonicalPage, CanonicalPages } from "./canonical-pages.ts";
import { comparer, type Difference } from "./compare.ts";
import { compareLargeRow } from "./compare-large-row.ts";
import { countExtras } from "./count-extras.ts";
import { CountedRanges } from "./counted-ranges.ts";
import { findExtras } from "./find-extras.ts";
import type { KeyRange } from "./key-range.ts";
import { type LookUp, lookUpOf } from "./look-up.ts";
import { Frontier } from "./progress.ts";
import { type RawPage, RawPages } from "./raw-pages.ts";
import { isRanged } from "./render-canonical.ts";
import { tableChecksum } from "./table-checksum.ts";
import { unpackRows } from "./unpack.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

const KEPT_EVERY_MS = 1_000;
const FIRST_PAGE = 500;
const MOST_ROWS = 20_000;
/** Rows that are compared value by value, at once. */
const MOST_APART = 4_000;
const MOST_ENTRIES = 10_000;
// More differences than that are counted, not named.
const NAMED = 1_000;

/** A session on its way through the pages. */
interface Worker {
  readonly session: TargetSession;
  readonly lookUp: LookUp;
}

/** A page that was compared as one. */
interface WholePage {
  readonly page: CanonicalPage;
  readonly durationMs: number;
  readonly isEqual: boolean;
  /** Says that all of it is compared. */
  readonly end: () => void;
}

/** How far the lanes are, together. */
interface Place {
  after: Tuple | null;
  ended: boolean;
}

function workerOf(session: TargetSession): Worker {
  return { session, lookUp: lookUpOf(session) };
}

/** Compares one table, page by page. */
export class TableVerifier {
  readonly #options: VerifyOptions;
  readonly #mapping: TableMapping;
  readonly #order: readonly KeyColumn[];
  readonly #raw: RawPages;
  readonly #compare: ReturnType<typeof comparer>;
  readonly #worker: Worker;
  readonly #turns = new Mutex();
  /** Null where what the target logged must be told apart row by row. */
  readonly #plain: CanonicalPages | null;
  readonly #differences: Difference[] = [];
  #frontier = new Frontier({ position: null, rows: 0 });
  readonly #counted: CountedRanges;
  #kept = performance.now();
  #more = 0;
  #rows = 0;
  #pending = 0;
  #quarantineRows = 0;

  constructor(options: VerifyOptions, mapping: TableMapping) {
    this.#options = options;
    this.#mapping = mapping;
    // A range of the key is one only in the order of the key.
    this.#order = isRanged(mapping) ? keyColumns(mapping) : readingOrder(mapping, { isAtRest: !options.captured });
    this.#raw = new RawPages(mapping, { captured: options.captured, order: this.#order });
    this.#compare = comparer(mapping, options.failback?.excuse(mapping));
    this.#worker = workerOf(options.session);
    this.#counted = new CountedRanges(isRanged(mapping) && mapping.quarantine !== true);
    this.#plain =
      options.failback === undefined
        ? new CanonicalPages(mapping, { captured: options.captured, order: this.#order })
        : null;
  }

  async everything(): Promise<TableVerification> {
    const { progress } = this.#options;
    const before = this.#isKept ? (progress?.of(this.#mapping) ?? null) : null;
    if (before !== null) {
      this.#rows = before.rows;
      this.#options.onRows?.(this.#mapping.source, before.rows);
      if (before.done) return this.#result();
      this.#frontier = new Frontier(before);
      this.#counted.endAt(null);
    }
    const checksummed =
      before === null || before.position === null
        ? await tableChecksum(this.#options, this.#mapping, this.#worker.lookUp)
        : null;
    if (checksummed === null) {
      const some = await this.#options.source.read((tx) =>
        tx.rows(`SELECT 1 FROM ${sqliteName(this.#mapping.source)} LIMIT 1`),
      );
      if (some.length > 0) await this.#everyRow();
      await this.#extras();
    } else {
      this.#rows = checksummed.rows;
      this.#pending = checksummed.pending;
    }
    await this.#keep({ isDone: true });
    return this.#result();
  }

  /** What the quarantine explains is counted at each comparison. */
  get #isKept(): boolean {
    return this.#options.progress !== undefined && this.#mapping.quarantine !== true;
  }

  /** A table in which something differs is compared anew: what differs is known to this process alone. */
  async #keep({ isDone, isLast = isDone }: { readonly isDone: boolean; readonly isLast?: boolean }): Promise<void> {
    const now = performance.now();
    if (
      !this.#isKept ||
      this.#differences.length > 0 ||
      this.#more > 0 ||
      (!isLast && now - this.#kept < KEPT_EVERY_MS)
    )
      return;
    this.#kept = now;
    await this.#options.progress?.save(this.#mapping, {
      ...this.#frontier.reached,
      ...(isDone ? { rows: this.#rows + this.#pending } : {}),
      done: isDone,
    });
  }

  /** A row that is missing may hide one that is too many from the count. */
  async #extras(): Promise<void> {
    const options = { ...this.#options, mapping: this.#mapping };
    const missing = this.#differences.some(({ what }) => what === "missing");
    if (!missing && (await countExtras({ ...options, ...this.#afterCounted() })) === 0) return;
    const { rows, keys } = await findExtras({ ...options, named: Math.max(1, NAMED - this.#differences.length) });
    for (const key of keys) this.#note({ key, what: "extra", columns: [] });
    this.#more += rows - keys.length;
  }

  /** Rows were counted with their pages up to there, unless the target may have some without a key. */
  #afterCounted(): { readonly after?: bigint } {
    const key = keyColumns(this.#mapping)[0];
    const upTo = this.#counted.upTo(this.#frontier.reached.position);
    return upTo !== null && key !== undefined && this.#worker.lookUp.neverNull(this.#mapping).has(key.target)
      ? { after: upTo }
      : {};
  }

  async #everyRow(): Promise<void> {
    const { beside } = this.#options;
    const size = new PageSize({ first: FIRST_PAGE, max: MOST_ROWS });
    const place: Place = { after: this.#frontier.reached.position, ended: false };
    const workers = [this.#worker, ...(beside === undefined || this.#plain === null ? [] : [workerOf(beside)])];
    const ends = await Promise.allSettled(workers.map((worker) => this.#pages(worker, place, size)));
    for (const end of ends) {
      if (end.status === "fulfilled") continue;
      if (end.reason instanceof InterruptedError) await this.#keep({ isDone: false, isLast: true });
      throw end.reason;
    }
  }

  async #pages(worker: Worker, place: Place, size: PageSize): Promise<void> {
    try {
      await worker.lookUp.prepare(this.#mapping);
      while (!place.ended) {
        if (this.#plain?.isOfUse !== true) await this.#turns.run(() => this.#nextByValues(worker, place, size));
        else {
          const whole = await this.#nextWhole(worker, place, size, this.#plain);
          if (whole?.isEqual === false)
            await this.#byValues(worker, { after: whole.page.after, upTo: whole.page.last });
          whole?.end();
        }
        await this.#keep({ isDone: false });
      }
    } catch (error) {
      place.ended = true;
      throw error;
    }
  }

  async #nextByValues(worker: Worker, place: Place, size: PageSize): Promise<void> {
    if (place.ended) return;
    this.#counted.endAt(place.after);
    const read = await this.#page(worker, (tx, watermark) =>
      this.#raw.read(tx, { after: place.after, upTo: null }, Math.min(size.rows, MOST_APART), watermark),
    );
    if (read === null) {
      place.ended = true;
      return;
    }
    size.learn(read);
    place.after = read.last as Tuple;
    this.#frontier.begin({ last: place.after, rows: read.rows })();
  }

  /** All rows of a range by their values: what differs there, or was changed meanwhile. */
  async #byValues(worker: Worker, range: KeyRange): Promise<void> {
    this.#counted.endAt(range.after);
    for (let { after } = range; ; ) {
      const from = after;
      const read = await this.#page(worker, (tx, watermark) =>
        this.#raw.read(tx, { ...range, after: from }, MOST_APART, watermark),
      );
      if (read === null) return;
      after = read.last as Tuple;
    }
  }

  /** The next page, compared as one. While PostgreSQL answers for it, another lane reads the page after it. */
  async #nextWhole(
    { session, lookUp }: Worker,
    place: Place,
    size: PageSize,
    plain: CanonicalPages,
  ): Promise<WholePage | null> {
    const { rest, run, signal, whileBehind } = this.#options;
    if (signal?.aborted === true) throw new InterruptedError();
    const whole = await session.transaction(
      async (tx) => {
        const read = await this.#turns.run(async () => {
          if (place.ended) return null;
          const watermark = await watermarkOf(tx, run);
          const found = await this.#readNear(watermark, async (source) => {
            const page = await plain.read(source, place.after, { most: size.rows, watermark });
            return page === null ? null : { page, rows: page.rows, durationMs: 0 };
          });
          if (found === null) place.ended = true;
          else if (found !== "behind") {
            size.learn(found);
            place.after = found.page.last;
            return { ...found, end: this.#frontier.begin({ last: found.page.last, rows: found.rows }) };
          }
          return found;
        });
        if (read === null || read === "behind") return read;
        return { ...read, isEqual: await plain.isEqual(tx, lookUp, read.page) };
      },
      { isolation: "repeatable read" },
    );
    if (whole === "behind") {
      await this.#turns.run(async () => whileBehind?.());
      return null;
    }
    if (whole === null) return null;
    if (whole.isEqual) {
      this.#rows += whole.page.rows;
      this.#options.onRows?.(this.#mapping.source, whole.page.rows);
    }
    await this.#turns.run(async () => rest?.(whole));
    return whole;
  }

  async logged(after: bigint, last: bigint): Promise<TableVerification> {
    await this.#worker.lookUp.prepare(this.#mapping);
    const size = new PageSize({ first: FIRST_PAGE, max: MOST_ENTRIES });
    for (let from = after; from < last; ) {
      const start = from;
      const read = await this.#page(this.#worker, (tx, watermark) =>
        this.#raw.readLogged(tx, start, last, size.rows, watermark),
      );
      const to = read?.last as bigint;
      size.learn({ rows: Number(to - from), durationMs: read?.durationMs ?? 0 });
      from = to;
    }
    return this.#result();
  }

  #result(): TableVerification {
    return {
      mapping: this.#mapping,
      rows: this.#rows,
      differences: this.#differences,
      more: this.#more,
      pending: this.#pending,
      quarantineRows: this.#quarantineRows,
    };
  }

  /** One page: the target's snapshot is taken first, so that the source can only be ahead of it. */
  async #page(
    worker: Worker,
    read: (tx: SourceReader, watermark: bigint) => Promise<RawPage | null>,
  ): Promise<RawPage | null> {
    const { rest, run, signal, whileBehind } = this.#options;
    for (;;) {
      if (signal?.aborted === true) throw new InterruptedError();
      const page = await worker.session.transaction(
        async (tx) => {
          await this.#options.failback?.lock(tx, this.#mapping);
          const watermark = await watermarkOf(tx, run);
          const found = await this.#readNear(watermark, read);
          if (found !== null && found !== "behind" && found.large !== undefined)
            await this.#compareWide(tx, worker, found.large, watermark);
          else if (found !== null && found !== "behind" && found.rows > 0) await this.#compareRows(tx, worker, found);
          return found;
        },
        { isolation: "repeatable read" },
      );
      if (page !== "behind") {
        if (page !== null) await rest?.(page);
        return page;
      }
      await whileBehind?.();
    }
  }

  /** Reads a page in one snapshot, unless the target is too far behind it. */
  #readNear<Found extends { readonly durationMs: number }>(
    watermark: bigint,
    read: (tx: SourceReader, watermark: bigint) => Promise<Found | null>,
  ): Promise<Found | "behind" | null> {
    return this.#options.source.read(async (tx) => {
      const started = performance.now();
      if (this.#options.captured && (await lastLogged(tx)) - watermark > this.#options.tooFarBehind) return "behind";
      const found = await read(tx, watermark);
      return found === null ? null : { ...found, durationMs: performance.now() - started };
    });
  }

  async #compareRows(tx: TargetTransaction, { lookUp }: Worker, page: RawPage): Promise<void> {
    const { targetRows, flying } = await lookUp.rows(
      tx,
      this.#mapping,
      asUtf8(page.lines, this.#mapping),
      this.#options.failback?.log(this.#mapping),
    );
    let compared = 0;
    const found: Difference[] = [];
    const rows = unpackRows(new Uint8Array(page.packed), this.#mapping);
    if (this.#plain?.isOfUse === true) this.#plain.learn(rows, targetRows);
    for (const [index, row] of rows.entries()) {
      if (row.pending || flying[index] === true) this.#pending++;
      else {
        compared++;
        const difference = this.#compare(row, targetRows[index] ?? null);
        if (difference !== null) found.push(difference);
      }
    }
    for (const difference of await this.#unexplained(tx, found)) this.#note(difference);
    this.#rows += compared;
    this.#options.onRows?.(this.#mapping.source, compared);
  }

  /** The quarantine explains a row that is not there, and a NULL in a column that it names: in the same snapshot. */
  async #unexplained(tx: TargetTransaction, found: readonly Difference[]): Promise<readonly Difference[]> {
    if (this.#mapping.quarantine !== true || found.length === 0) return found;
    const quarantined = await lookUpQuarantine(
      tx,
      { run: this.#options.run, mapping: this.#mapping },
      found.map(({ key }) => key),
    );
    const unexplained = found.filter(({ key, what, columns, absent = [] }) => {
      const entry = quarantined.get(JSON.stringify(key));
      if (entry === undefined) return true;
      return entry.what === "row"
        ? what !== "missing"
        : what !== "different" || !columns.every((column) => absent.includes(column) && entry.columns.includes(column));
    });
    this.#quarantineRows += found.length - unexplained.length;
    return unexplained;
  }

  async #compareWide(tx: TargetTransaction, { lookUp }: Worker, key: Tuple, watermark: bigint): Promise<void> {
    const { captured, onRows, source, failback } = this.#options;
    const back =
      failback === undefined ? {} : { log: failback.log(this.#mapping), excuse: failback.excuse(this.#mapping) };
    const difference = await compareLargeRow(tx, {
      source,
      mapping: this.#mapping,
      lookUp,
      key,
      captured,
      watermark,
      ...back,
    });
    if (difference === "pending") {
      this.#pending++;
      return;
    }
    for (const unexplained of await this.#unexplained(tx, difference === null ? [] : [difference]))
      this.#note(unexplained);
    this.#rows++;
    onRows?.(this.#mapping.source, 1);
  }

  #note(difference: Difference): void {
    if (this.#differences.length < NAMED) this.#differences.push(difference);
    else this.#more++;
  }
}
