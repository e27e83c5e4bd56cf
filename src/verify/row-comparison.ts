import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { lastLogged } from "../rows/log-entries.ts";
import type { SourceReader } from "../source/source.ts";
import { lookUpQuarantine } from "../target/store/quarantine-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { CanonicalPages } from "./canonical-pages.ts";
import { comparer, type Difference } from "./compare.ts";
import { compareLargeRow } from "./compare-large-row.ts";
import { type LookUp, lookUpOf } from "./look-up.ts";
import type { RawPage } from "./raw-pages.ts";
import { unpackRows } from "./unpack.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

/** Differences beyond so many are counted, not named. */
export const MAX_NAMED = 1_000;

/** A session of the target that compares pages, one after the other. */
export interface VerifySession {
  readonly session: TargetSession;
  readonly lookUp: LookUp;
}

export function verifySession(session: TargetSession): VerifySession {
  return { session, lookUp: lookUpOf(session) };
}

/** Compares rows of a table value by value, and collects what was found in it by whatever comparison. */
export class RowComparison {
  readonly #options: VerifyOptions;
  readonly #mapping: TableMapping;
  readonly #compare: ReturnType<typeof comparer>;
  /** Told of rows that were compared, so that it knows which columns the two sides write differently. */
  readonly #canonical: CanonicalPages | null;
  readonly #differences: Difference[] = [];
  #more = 0;
  #rows = 0;
  #pending = 0;
  #quarantineRows = 0;

  constructor(options: VerifyOptions, mapping: TableMapping, canonical: CanonicalPages | null) {
    this.#options = options;
    this.#mapping = mapping;
    this.#canonical = canonical;
    this.#compare = comparer(mapping, options.failback?.excuse(mapping));
  }

  get result(): TableVerification {
    return {
      mapping: this.#mapping,
      rows: this.#rows,
      differences: this.#differences,
      more: this.#more,
      pending: this.#pending,
      quarantineRows: this.#quarantineRows,
    };
  }

  addEqual({ rows, pending = 0 }: { readonly rows: number; readonly pending?: number }): void {
    this.#rows += rows;
    this.#pending += pending;
  }

  addDifference(difference: Difference): void {
    if (this.#differences.length < MAX_NAMED) this.#differences.push(difference);
    else this.#more++;
  }

  addUnnamed(rows: number): void {
    this.#more += rows;
  }

  /**
   * One page: the target's snapshot is taken first, so that the source can only be ahead of it. Null if there is none.
   */
  async page(
    { session, lookUp }: VerifySession,
    read: (tx: SourceReader, watermark: bigint) => Promise<RawPage | null>,
  ): Promise<RawPage | null> {
    const { rest, signal, whileBehind } = this.#options;
    for (;;) {
      if (signal?.aborted === true) throw new InterruptedError();
      const page = await session.transaction(
        async (tx) => {
          await this.#options.failback?.lock(tx, this.#mapping);
          const watermark = await watermarkOf(tx, this.#options);
          const found = await readNear(this.#options, watermark, read);
          if (found === null || found === "behind") return found;
          if (found.large !== undefined) await this.#compareLargeRow(tx, lookUp, found.large, watermark);
          else if (found.rows > 0) await this.compareRows(tx, lookUp, found);
          return found;
        },
        // During a failback it holds a lock, which is to be free when the page is done.
        { isolation: "repeatable read", endsUnheard: this.#options.failback === undefined },
      );
      if (page !== "behind") {
        if (page !== null) await rest?.(page);
        return page;
      }
      await whileBehind?.();
    }
  }

  /** Compares the rows of a page with what the transaction's snapshot has. */
  async compareRows(tx: TargetTransaction, lookUp: LookUp, page: RawPage): Promise<void> {
    const { targetRows, pending } = await lookUp.rows(
      tx,
      this.#mapping,
      asUtf8(page.lines, this.#mapping),
      this.#options.failback?.log(this.#mapping),
    );
    let compared = 0;
    const found: Difference[] = [];
    const rows = unpackRows(new Uint8Array(page.packed), this.#mapping);
    if (this.#canonical?.isOfUse === true) this.#canonical.learn(rows, targetRows);
    for (const [index, row] of rows.entries()) {
      if (row.pending || pending[index] === true) this.#pending++;
      else {
        compared++;
        const difference = this.#compare(row, targetRows[index] ?? null);
        if (difference !== null) found.push(difference);
      }
    }
    for (const difference of await this.#unexplained(tx, found)) this.addDifference(difference);
    this.#rows += compared;
    this.#options.onRows?.(this.#mapping.source, compared);
  }

  /** The quarantine explains a missing row, and a NULL in a column that it names: in the same snapshot. */
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

  async #compareLargeRow(tx: TargetTransaction, lookUp: LookUp, key: Tuple, watermark: bigint): Promise<void> {
    const { captured, onRows, source, failback } = this.#options;
    const mapping = this.#mapping;
    const difference = await compareLargeRow(tx, {
      source,
      mapping,
      lookUp,
      key,
      captured,
      watermark,
      ...(failback === undefined ? {} : { log: failback.log(mapping), excuse: failback.excuse(mapping) }),
    });
    if (difference === "pending") {
      this.#pending++;
      return;
    }
    for (const unexplained of await this.#unexplained(tx, difference === null ? [] : [difference]))
      this.addDifference(unexplained);
    this.#rows++;
    onRows?.(mapping.source, 1);
  }
}

/** Reads in one snapshot of the source, unless the target is too far behind it. */
export function readNear<Found extends { readonly durationMs: number }>(
  { captured, source, tooFarBehind }: VerifyOptions,
  watermark: bigint,
  read: (tx: SourceReader, watermark: bigint) => Promise<Found | null>,
): Promise<Found | "behind" | null> {
  return source.read(async (tx) => {
    const started = performance.now();
    if (captured && (await lastLogged(tx)) - watermark > tooFarBehind) return "behind";
    const found = await read(tx, watermark);
    return found === null ? null : { ...found, durationMs: performance.now() - started };
  });
}
