import { InterruptedError } from "../errors.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import { sqliteName } from "../quote.ts";
import { PageSize } from "../rows/page-size.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { CanonicalPages } from "./canonical-pages.ts";
import { hasKeyRanges } from "./canonical-split.ts";
import { countExtras } from "./count-extras.ts";
import { CountedRanges } from "./counted-ranges.ts";
import { findExtras } from "./find-extras.ts";
import { Frontier } from "./progress.ts";
import { RangeComparison } from "./range-comparison.ts";
import { type RawPage, RawPages } from "./raw-pages.ts";
import { MAX_NAMED, RowComparison, type VerifySession, verifySession } from "./row-comparison.ts";
import { tableChecksum } from "./table-checksum.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";

/** Entries of the log: `after` exclusive, `last` inclusive. */
export interface LoggedRange {
  readonly after: bigint;
  readonly last: bigint;
}

const SAVED_EVERY_MS = 1_000;
const FIRST_PAGE = 500;
const MAX_ENTRIES = 10_000;

/** Verifies one table: by its digest, then by pages, and the target's rows that the source does not have. */
export class TableVerifier {
  readonly #options: VerifyOptions;
  readonly #mapping: TableMapping;
  readonly #order: readonly KeyColumn[];
  readonly #raw: RawPages;
  readonly #session: VerifySession;
  readonly #canonical: CanonicalPages | null;
  readonly #rows: RowComparison;
  readonly #counted: CountedRanges;
  #frontier = new Frontier({ position: null, rows: 0 });
  #savedAt = performance.now();

  constructor(options: VerifyOptions, mapping: TableMapping) {
    this.#options = options;
    this.#mapping = mapping;
    // A range of the key is one only in the order of the key.
    this.#order = hasKeyRanges(mapping) ? keyColumns(mapping) : readingOrder(mapping, { isAtRest: !options.captured });
    this.#raw = new RawPages(mapping, { captured: options.captured, order: this.#order });
    this.#session = verifySession(options.session);
    this.#counted = new CountedRanges(hasKeyRanges(mapping) && mapping.quarantine !== true);
    // What the target logged during a failback must be told apart row by row.
    this.#canonical =
      options.failback === undefined
        ? new CanonicalPages(mapping, { captured: options.captured, order: this.#order })
        : null;
    this.#rows = new RowComparison(options, mapping, this.#canonical);
  }

  async everything(): Promise<TableVerification> {
    const { onRows, progress, source } = this.#options;
    const mapping = this.#mapping;
    const before = this.#isResumable ? (progress?.of(mapping) ?? null) : null;
    if (before !== null) {
      this.#rows.addEqual(before);
      onRows?.(mapping.source, before.rows);
      if (before.done) return this.#rows.result;
      this.#frontier = new Frontier(before);
      this.#counted.endAt(null);
    }
    const checksummed =
      before === null || before.position === null
        ? await tableChecksum(this.#options, mapping, this.#session.lookUp)
        : null;
    if (checksummed === null) {
      const some = await source.read((tx) => tx.rows(`SELECT 1 FROM ${sqliteName(mapping.source)} LIMIT 1`));
      if (some.length > 0) await this.#everyPage();
      await this.#extras();
    } else this.#rows.addEqual(checksummed);
    await this.#save({ isDone: true });
    return this.#rows.result;
  }

  /** The rows whose keys were logged in a range of `seq`. */
  async logged(after: bigint, last: bigint): Promise<TableVerification> {
    await this.#session.lookUp.prepare([this.#mapping]);
    const size = new PageSize({ first: FIRST_PAGE, max: MAX_ENTRIES, of: this.#options.source });
    for (let from = after; from < last; ) {
      const start = from;
      const read = await this.#rows.page(this.#session, (tx, watermark) =>
        this.#raw.readLogged(tx, start, last, size.rows, watermark),
      );
      const to = read?.last as bigint;
      size.learn({ rows: Number(to - from), durationMs: read?.durationMs ?? 0 });
      from = to;
    }
    return this.#rows.result;
  }

  /** The page of those rows; null if one page does not hold them. */
  async readLogged(tx: SourceReader, { after, last }: LoggedRange, watermark: bigint): Promise<RawPage | null> {
    const page = await this.#raw.readLogged(tx, after, last, Number(last - after), watermark);
    return page.large === undefined && page.last === last ? page : null;
  }

  /** Compares that page, in a transaction whose snapshot is of its watermark. */
  async compareLogged(tx: TargetTransaction, page: RawPage): Promise<TableVerification> {
    if (page.rows > 0) await this.#rows.compareRows(tx, this.#session.lookUp, page);
    return this.#rows.result;
  }

  /** What the quarantine explains is counted at each comparison, so such a table is compared in one go. */
  get #isResumable(): boolean {
    return this.#options.progress !== undefined && this.#mapping.quarantine !== true;
  }

  /** A table with differences is compared again from its start: this process alone knows them. */
  async #save({ isDone, isLast = isDone }: { readonly isDone: boolean; readonly isLast?: boolean }): Promise<void> {
    const now = performance.now();
    const { differences, more, pending, rows } = this.#rows.result;
    const isDue = isLast || now - this.#savedAt >= SAVED_EVERY_MS;
    if (!this.#isResumable || differences.length > 0 || more > 0 || !isDue) return;
    this.#savedAt = now;
    await this.#options.progress?.save(this.#mapping, {
      ...this.#frontier.reached,
      ...(isDone ? { rows: rows + pending } : {}),
      done: isDone,
    });
  }

  async #everyPage(): Promise<void> {
    const { auxiliary } = this.#options;
    const comparison = new RangeComparison({
      ...this.#options,
      mapping: this.#mapping,
      canonical: this.#canonical,
      raw: this.#raw,
      rows: this.#rows,
      frontier: this.#frontier,
      onUncounted: (after) => this.#counted.endAt(after),
      onPage: () => this.#save({ isDone: false }),
    });
    const others = auxiliary === undefined || this.#canonical === null ? [] : [verifySession(auxiliary)];
    const ends = await Promise.allSettled([this.#session, ...others].map((session) => comparison.run(session)));
    for (const end of ends) {
      if (end.status === "fulfilled") continue;
      if (end.reason instanceof InterruptedError) await this.#save({ isDone: false, isLast: true });
      throw end.reason;
    }
  }

  /** A missing row may hide an extra row from the count. */
  async #extras(): Promise<void> {
    const options = { ...this.#options, mapping: this.#mapping };
    const { differences } = this.#rows.result;
    const isMissing = differences.some(({ what }) => what === "missing");
    if (!isMissing && (await countExtras({ ...options, ...this.#afterCounted() })) === 0) return;
    const { rows, keys } = await findExtras({ ...options, named: Math.max(1, MAX_NAMED - differences.length) });
    for (const key of keys) this.#rows.addDifference({ key, what: "extra", columns: [] });
    this.#rows.addUnnamed(rows - keys.length);
  }

  /** Rows were counted with their pages up to there, unless the target may have some without a key. */
  #afterCounted(): { readonly after?: bigint } {
    const key = keyColumns(this.#mapping)[0];
    const upTo = this.#counted.upTo(this.#frontier.reached.position);
    const isKnown = key !== undefined && this.#session.lookUp.neverNull(this.#mapping).has(key.target);
    return upTo !== null && isKnown ? { after: upTo } : {};
  }
}
