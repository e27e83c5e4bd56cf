import { lastLogged } from "../db/change-log.ts";
import { PageSize } from "../db/page-size.ts";
import { lookUpQuarantine } from "../db/quarantine.ts";
import type { Source, SourceReader } from "../db/source.ts";
import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { InterruptedError } from "../errors.ts";
import { WIDE_ROW_BYTES } from "../db/wide-row.ts";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import { type TableMapping, keyColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "../value/as-utf8.ts";
import { rawExpression, tupleOf } from "../value/bind-key.ts";
import { type Difference, type Excuse, comparer } from "./compare.ts";
import { compareWideRow } from "./compare-wide-row.ts";
import { countExtras } from "./count-extras.ts";
import { findExtras } from "./find-extras.ts";
import { type KeyRange, bindRange } from "./key-range.ts";
import { type LookUp, lookUpOf } from "./look-up.ts";
import type { Pacing } from "./pacing.ts";
import { type PlainPage, PlainPages } from "./plain-pages.ts";
import { type RawQueries, renderBoundary, renderRawQueries } from "./render-raw.ts";
import { Turns } from "./turns.ts";
import { unpackRows } from "./unpack.ts";

export interface VerifyOptions extends Pacing {
  readonly run: string;
  readonly source: Source;
  /** A session of its own, beside the one that replays. */
  readonly session: TargetSession;
  /** Another, so that PostgreSQL answers for one page while the next is read from the source. */
  readonly beside?: TargetSession;
  /** Whether the source has a change log; without one it must be at rest. */
  readonly captured: boolean;
  readonly onRows?: (table: string, rows: number) => void;
  /** After the cutover tables without a key have lost the column that told their rows apart. */
  readonly rowidsDropped?: boolean;
  /** After the cutover, where changes flow the other way: what the target logged is on its way. Nobody may bring it meanwhile. */
  readonly wayBack?: WayBackLog;
}

export interface WayBackLog {
  /** The target's log of a table's changed keys, in columns k1, k2, …; `whole` where all of its rows changed. */
  log(mapping: TableMapping): string;
  /** Comes first in a transaction: TRUNCATE empties a table for older snapshots too, so none may come between. */
  lock(tx: TargetTransaction, mapping: TableMapping): Promise<void>;
  /** How many rows of the source stand under those keys, as the transaction's snapshot has them. */
  standing(tx: TargetTransaction, mapping: TableMapping): Promise<number>;
  /** Values that the source can only hold cut: a moment finer than its epoch. */
  excuse(mapping: TableMapping): Excuse;
}

export interface TableVerification {
  readonly mapping: TableMapping;
  /** Rows compared. */
  readonly rows: number;
  readonly differences: readonly Difference[];
  /** Rows that differ beyond those named, or that only the target has. */
  readonly more: number;
  /** Rows not compared, since their change was on its way: they are logged after `through`. */
  readonly inFlight: number;
  /** Rows that the quarantine names: not there, or with NULL for a value. They are no differences. */
  readonly setAside: number;
}

const FIRST_PAGE = 500;
const MOST_ROWS = 20_000;
/** Rows that are compared value by value, at once. */
const MOST_APART = 4_000;
const MOST_ENTRIES = 10_000;
const PAGE_BYTES = 512 << 10;
// More differences than that are counted, not named.
const NAMED = 1_000;

/** The target's watermark in the session's present snapshot. */
export async function watermarkOf(session: TargetTransaction, run: string): Promise<bigint> {
  const [row] = await session.rows<{ watermark: string }>("select watermark::text from changeover.run where id = $1", [run]);
  return BigInt(row?.watermark ?? 0);
}

/** What one snapshot of the source brings: packed rows and their lookup lines. */
interface Read {
  readonly packed: ArrayBuffer;
  readonly lines: ArrayBuffer;
  readonly rows: number;
  /** The one row that the page is, too large to be read at once. */
  readonly wide?: Tuple;
  /** Where the next page begins: after this row of the table, or entry of the log. */
  readonly last: Tuple | bigint | null;
  readonly took: number;
}

/** A session on its way through the pages. */
interface Lane {
  readonly session: TargetSession;
  readonly lookUp: LookUp;
}

/** A page that was compared as one. */
interface WholePage {
  readonly page: PlainPage;
  readonly took: number;
  readonly isEqual: boolean;
}

/** How far the lanes are, together. */
interface Place {
  after: Tuple | null;
  ended: boolean;
}

function laneOf(session: TargetSession): Lane {
  return { session, lookUp: lookUpOf(session) };
}

/** Compares one table, page by page. */
export class TableVerifier {
  readonly #options: VerifyOptions;
  readonly #mapping: TableMapping;
  readonly #queries: RawQueries;
  readonly #compare: ReturnType<typeof comparer>;
  readonly #lane: Lane;
  readonly #turns = new Turns();
  /** Null where what the target logged must be told apart row by row. */
  readonly #plain: PlainPages | null;
  readonly #differences: Difference[] = [];
  #more = 0;
  #rows = 0;
  #inFlight = 0;
  #setAside = 0;

  constructor(options: VerifyOptions, mapping: TableMapping) {
    this.#options = options;
    this.#mapping = mapping;
    this.#queries = renderRawQueries(mapping, { captured: options.captured });
    this.#compare = comparer(mapping, options.wayBack?.excuse(mapping));
    this.#lane = laneOf(options.session);
    this.#plain = options.wayBack === undefined ? new PlainPages(mapping, { captured: options.captured }) : null;
  }

  async everything(): Promise<TableVerification> {
    const some = await this.#options.source.read((tx) => tx.rows(`SELECT 1 FROM ${sqliteName(this.#mapping.source)} LIMIT 1`));
    if (some.length > 0) await this.#everyRow();
    await this.#extras();
    return this.#result();
  }

  /** A row that is missing may hide one that is too many from the count. */
  async #extras(): Promise<void> {
    const options = { ...this.#options, mapping: this.#mapping };
    const missing = this.#differences.some(({ what }) => what === "missing");
    if (!missing && (await countExtras(options)) === 0) return;
    const { rows, keys } = await findExtras({ ...options, named: Math.max(1, NAMED - this.#differences.length) });
    for (const key of keys) this.#note({ key, what: "extra", columns: [] });
    this.#more += rows - keys.length;
  }

  async #everyRow(): Promise<void> {
    const { beside } = this.#options;
    const size = new PageSize({ first: FIRST_PAGE, most: MOST_ROWS });
    const place: Place = { after: null, ended: false };
    const lanes = [this.#lane, ...(beside === undefined || this.#plain === null ? [] : [laneOf(beside)])];
    const ends = await Promise.allSettled(lanes.map((lane) => this.#pages(lane, place, size)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #pages(lane: Lane, place: Place, size: PageSize): Promise<void> {
    try {
      await lane.lookUp.prepare(this.#mapping);
      while (!place.ended) {
        if (this.#plain?.isOfUse !== true) await this.#turns.take(() => this.#nextByValues(lane, place, size));
        else {
          const whole = await this.#nextWhole(lane, place, size, this.#plain);
          if (whole?.isEqual === false) await this.#byValues(lane, { after: whole.page.after, upTo: whole.page.last });
        }
      }
    } catch (error) {
      place.ended = true;
      throw error;
    }
  }

  async #nextByValues(lane: Lane, place: Place, size: PageSize): Promise<void> {
    if (place.ended) return;
    const read = await this.#page(lane, (tx, watermark) => this.#readPage(tx, { after: place.after, upTo: null }, Math.min(size.rows, MOST_APART), watermark));
    if (read === null) {
      place.ended = true;
      return;
    }
    size.learn(read);
    place.after = read.last as Tuple;
  }

  /** All rows of a range by their values: what differs there, or was changed meanwhile. */
  async #byValues(lane: Lane, range: KeyRange): Promise<void> {
    for (let { after } = range; ; ) {
      const from = after;
      const read = await this.#page(lane, (tx, watermark) => this.#readPage(tx, { ...range, after: from }, MOST_APART, watermark));
      if (read === null) return;
      after = read.last as Tuple;
    }
  }

  /** The next page, compared as one. While PostgreSQL answers for it, another lane reads the page after it. */
  async #nextWhole({ session, lookUp }: Lane, place: Place, size: PageSize, plain: PlainPages): Promise<WholePage | null> {
    const { rest, run, signal, whileBehind } = this.#options;
    if (signal?.aborted === true) throw new InterruptedError();
    const whole = await session.transaction(
      async (tx) => {
        const read = await this.#turns.take(async () => {
          if (place.ended) return null;
          const watermark = await watermarkOf(tx, run);
          const found = await this.#readNear(watermark, async (source) => {
            const page = await plain.read(source, place.after, { most: size.rows, watermark });
            return page === null ? null : { page, rows: page.rows, took: 0 };
          });
          if (found === null) place.ended = true;
          else if (found !== "behind") {
            size.learn(found);
            place.after = found.page.last;
          }
          return found;
        });
        if (read === null || read === "behind") return read;
        return { ...read, isEqual: await plain.isEqual(tx, lookUp, read.page) };
      },
      { isolation: "repeatable read" },
    );
    if (whole === "behind") {
      await this.#turns.take(async () => whileBehind?.());
      return null;
    }
    if (whole === null) return null;
    if (whole.isEqual) {
      this.#rows += whole.page.rows;
      this.#options.onRows?.(this.#mapping.source, whole.page.rows);
    }
    await this.#turns.take(async () => rest?.(whole));
    return whole;
  }

  async logged(after: bigint, last: bigint): Promise<TableVerification> {
    await this.#lane.lookUp.prepare(this.#mapping);
    const size = new PageSize({ first: FIRST_PAGE, most: MOST_ENTRIES });
    for (let from = after; from < last; ) {
      const start = from;
      const read = await this.#page(this.#lane, (tx, watermark) => this.#readLogged(tx, start, last, size.rows, watermark));
      const to = read?.last as bigint;
      size.learn({ rows: Number(to - from), took: read?.took ?? 0 });
      from = to;
    }
    return this.#result();
  }

  #result(): TableVerification {
    return { mapping: this.#mapping, rows: this.#rows, differences: this.#differences, more: this.#more, inFlight: this.#inFlight, setAside: this.#setAside };
  }

  /** One page: the target's snapshot is taken first, so that the source can only be ahead of it. */
  async #page(lane: Lane, read: (tx: SourceReader, watermark: bigint) => Promise<Read | null>): Promise<Read | null> {
    const { rest, run, signal, whileBehind } = this.#options;
    for (;;) {
      if (signal?.aborted === true) throw new InterruptedError();
      const page = await lane.session.transaction(
        async (tx) => {
          await this.#options.wayBack?.lock(tx, this.#mapping);
          const watermark = await watermarkOf(tx, run);
          const found = await this.#readNear(watermark, read);
          if (found !== null && found !== "behind" && found.wide !== undefined) await this.#compareWide(tx, lane, found.wide, watermark);
          else if (found !== null && found !== "behind" && found.rows > 0) await this.#compareRows(tx, lane, found);
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
  #readNear<Found extends { readonly took: number }>(watermark: bigint, read: (tx: SourceReader, watermark: bigint) => Promise<Found | null>): Promise<Found | "behind" | null> {
    return this.#options.source.read(async (tx) => {
      const started = performance.now();
      if (this.#options.captured && (await lastLogged(tx)) - watermark > this.#options.tooFarBehind) return "behind";
      const found = await read(tx, watermark);
      return found === null ? null : { ...found, took: performance.now() - started };
    });
  }

  async #compareRows(tx: TargetTransaction, { lookUp }: Lane, page: Read): Promise<void> {
    const { arrived, flying } = await lookUp.rows(tx, this.#mapping, asUtf8(page.lines, this.#mapping), this.#options.wayBack?.log(this.#mapping));
    let compared = 0;
    const found: Difference[] = [];
    const rows = unpackRows(new Uint8Array(page.packed), this.#mapping);
    if (this.#plain?.isOfUse === true) this.#plain.learn(rows, arrived);
    for (const [index, row] of rows.entries()) {
      if (row.inFlight || flying[index] === true) this.#inFlight++;
      else {
        compared++;
        const difference = this.#compare(row, arrived[index] ?? null);
        if (difference !== null) found.push(difference);
      }
    }
    for (const difference of await this.#unexplained(tx, found)) this.#note(difference);
    this.#rows += compared;
    this.#options.onRows?.(this.#mapping.source, compared);
  }

  /** The quarantine explains a row that is not there, and a NULL in a column that it names: in the same snapshot. */
  async #unexplained(tx: TargetTransaction, found: readonly Difference[]): Promise<readonly Difference[]> {
    if (this.#mapping.ledger !== true || found.length === 0) return found;
    const noted = await lookUpQuarantine(tx, { run: this.#options.run, mapping: this.#mapping }, found.map(({ key }) => key));
    const unexplained = found.filter(({ key, what, columns, absent = [] }) => {
      const entry = noted.get(JSON.stringify(key));
      if (entry === undefined) return true;
      return entry.what === "row" ? what !== "missing" : what !== "different" || !columns.every((column) => absent.includes(column) && entry.columns.includes(column));
    });
    this.#setAside += found.length - unexplained.length;
    return unexplained;
  }

  async #compareWide(tx: TargetTransaction, { lookUp }: Lane, key: Tuple, watermark: bigint): Promise<void> {
    const { captured, onRows, source, wayBack } = this.#options;
    const back = wayBack === undefined ? {} : { log: wayBack.log(this.#mapping), excuse: wayBack.excuse(this.#mapping) };
    const difference = await compareWideRow(tx, { source, mapping: this.#mapping, lookUp, key, captured, watermark, ...back });
    if (difference === "in-flight") {
      this.#inFlight++;
      return;
    }
    for (const unexplained of await this.#unexplained(tx, difference === null ? [] : [difference])) this.#note(unexplained);
    this.#rows++;
    onRows?.(this.#mapping.source, 1);
  }

  #note(difference: Difference): void {
    if (this.#differences.length < NAMED) this.#differences.push(difference);
    else this.#more++;
  }

  async #readPage(tx: SourceReader, range: KeyRange, limit: number, watermark: bigint): Promise<Read | null> {
    const bound = bindRange(range);
    const { args } = bound;
    for (let rows = limit; ; ) {
      const [size] = await tx.rows(this.#queries.size(bound), [...args, BigInt(rows)]);
      const bytes = Number(size?.[0] ?? 0n);
      const found = Number(size?.[1] ?? 0n);
      if (found === 0) return null;
      if (bytes > PAGE_BYTES && found > 1) {
        rows = fewer(found, bytes);
        continue;
      }
      const [boundary] = await tx.rows(renderBoundary(this.#mapping, bound), [...args, BigInt(found - 1)]);
      const last = tupleOf(boundary ?? [], 0, keyColumns(this.#mapping).length);
      if (bytes > WIDE_ROW_BYTES) return { ...NOTHING, rows: 1, wide: last, last };
      const [page] = await tx.rows(this.#queries.page(bound), [watermark, ...args, BigInt(found)]);
      return { packed: page?.[0] as ArrayBuffer, lines: page?.[1] as ArrayBuffer, rows: found, last, took: 0 };
    }
  }

  async #readLogged(tx: SourceReader, from: bigint, last: bigint, limit: number, watermark: bigint): Promise<Read> {
    for (let entries = limit; ; ) {
      const to = from + BigInt(entries) < last ? from + BigInt(entries) : last;
      const [size] = await tx.rows(this.#queries.loggedSize, [0n, from, to]);
      const bytes = Number(size?.[0] ?? 0n);
      if (bytes > PAGE_BYTES && to - from > 1n) {
        entries = fewer(Number(to - from), bytes);
        continue;
      }
      if (bytes > WIDE_ROW_BYTES) {
        const keys = keyColumns(this.#mapping).map((_, position) => logKeyColumn(position));
        const [entry = []] = await tx.rows(`SELECT ${keys.flatMap((k) => [`typeof(${k})`, rawExpression(k)]).join(", ")} FROM ${sqliteName(LOG_TABLE)} WHERE seq = ?`, [to]);
        return { ...NOTHING, rows: 1, wide: tupleOf(entry, 0, keys.length), last: to };
      }
      const [page] = await tx.rows(this.#queries.logged, [watermark, from, to]);
      const [packed, lines, rows] = page ?? [];
      return packed == null ? { ...NOTHING, last: to } : { packed: packed as ArrayBuffer, lines: lines as ArrayBuffer, rows: Number(rows), last: to, took: 0 };
    }
  }
}

const NOTHING = { packed: new ArrayBuffer(0), lines: new ArrayBuffer(0), rows: 0, took: 0 };

/** How many rows to try next, if so many have more bytes than a page may. */
function fewer(rows: number, bytes: number): number {
  return Math.max(1, Math.floor(rows * Math.min(0.5, (PAGE_BYTES / bytes) * 0.9)));
}
