import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { Mutex } from "../mutex.ts";
import { PageSize } from "../rows/page-size.ts";
import type { CanonicalPage, CanonicalPages } from "./canonical-pages.ts";
import type { KeyRange } from "./key-range.ts";
import type { Frontier } from "./progress.ts";
import type { RawPages } from "./raw-pages.ts";
import { type RowComparison, readNear, type VerifySession } from "./row-comparison.ts";
import type { VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

const FIRST_PAGE = 500;
const MAX_ROWS = 20_000;
/** Rows that are compared value by value, at once. */
const MAX_ROWS_BY_VALUES = 4_000;
/** An unequal range with fewer rows is compared value by value. */
const MIN_ROWS_BISECTED = 512;
/** With more pending rows in it a range has unequal halves all the way down. */
const MAX_PENDING_BISECTED = 4;

export interface RangeComparisonOptions extends VerifyOptions {
  readonly mapping: TableMapping;
  /** Null where no digest may be taken: what the target logged must be told apart row by row. */
  readonly canonical: CanonicalPages | null;
  readonly raw: RawPages;
  readonly rows: RowComparison;
  readonly frontier: Frontier;
  /** Called before rows after a key are compared by values: these comparisons do not count the target's rows. */
  readonly onUncounted: (after: Tuple | null) => void;
  /** Called after each page. */
  readonly onPage: () => Promise<void>;
}

/** A page that was compared by its digest. */
interface DigestedPage {
  readonly page: CanonicalPage;
  readonly rows: number;
  readonly durationMs: number;
  readonly isEqual: boolean;
}

/** How far the sessions are, together. */
interface Place {
  after: Tuple | null;
  hasEnded: boolean;
}

/**
 * Compares a table page by page: by digest, and value by value where digests differ. Several sessions share the pages.
 */
export class RangeComparison {
  readonly #options: RangeComparisonOptions;
  readonly #turns = new Mutex();
  readonly #size: PageSize;
  readonly #place: Place;

  constructor(options: RangeComparisonOptions) {
    this.#options = options;
    this.#size = new PageSize({ first: FIRST_PAGE, max: MAX_ROWS, of: options.source });
    this.#place = { after: options.frontier.reached.position, hasEnded: false };
  }

  /** Takes pages until there are no more. */
  async run(session: VerifySession): Promise<void> {
    const { canonical, onPage, mapping } = this.#options;
    try {
      await session.lookUp.prepare([mapping]);
      while (!this.#place.hasEnded) {
        if (canonical?.isOfUse === true) await this.#nextByDigest(session, canonical);
        else await this.#turns.run(() => this.#nextByValues(session));
        await onPage();
      }
    } catch (error) {
      this.#place.hasEnded = true;
      throw error;
    }
  }

  async #nextByValues(session: VerifySession): Promise<void> {
    const { frontier, onUncounted, raw, rows } = this.#options;
    const place = this.#place;
    if (place.hasEnded) return;
    onUncounted(place.after);
    const maxRows = Math.min(this.#size.rows, MAX_ROWS_BY_VALUES);
    const read = await rows.page(session, (tx, watermark) =>
      raw.read(tx, { after: place.after, upTo: null }, maxRows, watermark),
    );
    if (read === null) {
      place.hasEnded = true;
      return;
    }
    this.#size.learn(read);
    place.after = read.last as Tuple;
    frontier.begin({ last: place.after, rows: read.rows })();
  }

  /** While PostgreSQL answers for a page, another session reads the page after it. */
  async #nextByDigest(session: VerifySession, canonical: CanonicalPages): Promise<void> {
    const place = this.#place;
    let end = () => {};
    const digested = await this.#digest(session, canonical, (read) =>
      this.#turns.run(async () => {
        if (place.hasEnded) return null;
        const maxRows = Math.max(this.#size.rows, canonical.leastRows);
        const found = await read({ after: place.after, upTo: null }, maxRows);
        if (found === null) place.hasEnded = true;
        else if (found !== "behind") {
          this.#size.learn(found);
          place.after = found.page.last;
          end = this.#options.frontier.begin({ last: found.page.last, rows: found.rows });
        }
        return found;
      }),
    );
    if (digested === null || digested === "behind") return;
    if (!digested.isEqual) {
      this.#options.onUncounted(digested.page.after);
      await this.#narrow(session, canonical, digested.page);
      canonical.endUnequal(digested.page);
    }
    end();
  }

  /**
   * Finds the differing rows of an unequal page: its halves are compared by digest, and an unequal half is halved in
   * turn if the other half is equal. Where both are unequal, differences are spread, and the values of the rows say the
   * rest.
   */
  async #narrow(session: VerifySession, canonical: CanonicalPages, page: CanonicalPage): Promise<void> {
    const range = { after: page.after, upTo: page.last };
    if (page.rows < MIN_ROWS_BISECTED || page.pending > MAX_PENDING_BISECTED || !canonical.isOfUse)
      return this.#byValues(session, range);
    const half = Math.ceil(page.rows / 2);
    const parts: DigestedPage[] = [];
    for (let after = range.after; ; after = parts.at(-1)?.page.last ?? after) {
      const from = after;
      const part = await this.#digest(session, canonical, (read) => read({ ...range, after: from }, half));
      if (part === null) break;
      if (part !== "behind") parts.push(part);
    }
    const unequal = parts.filter(({ isEqual }) => !isEqual);
    for (const { page: part } of unequal)
      if (unequal.length < parts.length) await this.#narrow(session, canonical, part);
      else await this.#byValues(session, { after: part.after, upTo: part.last });
  }

  /** All rows of a range by their values: what differs there, or was changed meanwhile. */
  async #byValues(session: VerifySession, range: KeyRange): Promise<void> {
    const { raw, rows } = this.#options;
    for (let { after } = range; ; ) {
      const from = after;
      const read = await rows.page(session, (tx, watermark) =>
        raw.read(tx, { ...range, after: from }, MAX_ROWS_BY_VALUES, watermark),
      );
      if (read === null) return;
      after = read.last as Tuple;
    }
  }

  /** Compares one page by its digest. `choose` reads it, in the snapshot of the target that is compared. */
  async #digest(
    { session, lookUp }: VerifySession,
    canonical: CanonicalPages,
    choose: (read: ReadPage) => Promise<PageFound>,
  ): Promise<DigestedPage | "behind" | null> {
    const { mapping, onRows, rest, rows, signal, whileBehind } = this.#options;
    if (signal?.aborted === true) throw new InterruptedError();
    const digested = await session.transaction(
      async (tx) => {
        const watermark = await watermarkOf(tx, this.#options);
        const found = await choose((range, maxRows) =>
          readNear(this.#options, watermark, async (source) => {
            const page = await canonical.read(source, range, { maxRows, watermark });
            return page === null ? null : { page, rows: page.rows, durationMs: 0 };
          }),
        );
        if (found === null || found === "behind") return found;
        return { ...found, isEqual: await canonical.isEqual(tx, lookUp, found.page) };
      },
      { isolation: "repeatable read" },
    );
    if (digested === "behind") await this.#turns.run(async () => whileBehind?.());
    if (digested === null || digested === "behind") return digested;
    if (digested.isEqual) {
      rows.addEqual(digested);
      onRows?.(mapping.source, digested.rows);
    }
    await this.#turns.run(async () => rest?.(digested));
    return digested;
  }
}

type PageFound = { readonly page: CanonicalPage; readonly rows: number; readonly durationMs: number } | "behind" | null;
type ReadPage = (range: KeyRange, maxRows: number) => Promise<PageFound>;
