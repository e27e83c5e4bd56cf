import { lastLogged } from "../db/change-log.ts";
import { lookUpQuarantine } from "../db/quarantine.ts";
import type { Source } from "../db/source.ts";
import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { LOG_TABLE } from "../model/change-log.ts";
import { type TableMapping, keyColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "../value/as-utf8.ts";
import { type BoundKey, bindKey, tupleOf } from "../value/bind-key.ts";
import { compareKeyless } from "./compare-keyless.ts";
import { type Difference, comparer } from "./compare.ts";
import { countExtras } from "./count-extras.ts";
import { type LookUp, lookUpOf } from "./look-up.ts";
import { type RawQueries, renderBoundary, renderRawQueries } from "./render-raw.ts";
import { unpackRows } from "./unpack.ts";

export interface VerifyOptions {
  readonly run: string;
  readonly source: Source;
  /** A session of its own, beside the one that replays. */
  readonly session: TargetSession;
  /** Whether the source has a change log; without one it must be at rest. */
  readonly captured: boolean;
  readonly signal?: AbortSignal;
  readonly onRows?: (table: string, rows: number) => void;
  /** After the cutover tables without a key have lost the column that told their rows apart. */
  readonly rowidsDropped?: boolean;
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

export interface Verification {
  /** Everything was compared but for keys logged after this `seq`. */
  readonly through: bigint;
  readonly tables: readonly TableVerification[];
}

const PAGE_ROWS = 2_000;
const PAGE_BYTES = 512 << 10;
const LOG_ENTRIES = 10_000n;
// More differences than that are counted, not named.
const NAMED = 1_000;

/**
 * Compares every row of every table on both sides, while the sync goes on. Each page is read first from a snapshot of the
 * target, whose watermark says which source state it equals, then from the source: rows whose key was not logged in between must be
 * equal. The others are in flight, and are among the keys logged after `through`.
 */
export async function verifyAll(options: VerifyOptions, mappings: readonly TableMapping[]): Promise<Verification> {
  const through = await watermarkOf(options.session, options.run);
  const tables: TableVerification[] = [];
  for (const mapping of mappings) {
    const keyless = options.rowidsDropped === true && mapping.identity.kind === "rowid";
    tables.push(keyless ? await keylessTable(options, mapping) : await new TableVerifier(options, mapping).everything());
  }
  return { through, tables };
}

/** Compares the rows whose keys were logged after `after`: what changed since the last verification. */
export async function verifyChanges(options: VerifyOptions, mappings: readonly TableMapping[], after: bigint): Promise<Verification> {
  const through = await watermarkOf(options.session, options.run);
  const last = await options.source.read(lastLogged);
  const changed = await options.source.read((tx) => tx.rows(`SELECT DISTINCT tbl FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ?`, [after, last]));
  const ids = new Set(changed.map(([id]) => id));
  const tables: TableVerification[] = [];
  for (const mapping of mappings) {
    tables.push(ids.has(BigInt(mapping.id)) ? await new TableVerifier(options, mapping).logged(after, last) : { mapping, rows: 0, differences: [], more: 0, inFlight: 0, setAside: 0 });
  }
  return { through, tables };
}

async function keylessTable(options: VerifyOptions, mapping: TableMapping): Promise<TableVerification> {
  const { rows, differences, setAside } = await compareKeyless({ ...options, mapping });
  options.onRows?.(mapping.source, rows);
  return { mapping, rows, differences: [], more: differences, inFlight: 0, setAside };
}

/** The target's watermark in the session's present snapshot. */
async function watermarkOf(session: TargetTransaction, run: string): Promise<bigint> {
  const [row] = await session.rows<{ watermark: string }>("select watermark::text from changeover.run where id = $1", [run]);
  return BigInt(row?.watermark ?? 0);
}

/** What one read of the source brings: packed rows and their lookup lines. */
interface Read {
  readonly packed: ArrayBuffer;
  readonly lines: ArrayBuffer;
  readonly rows: number;
  readonly last: Tuple | null;
}

class TableVerifier {
  readonly #options: VerifyOptions;
  readonly #mapping: TableMapping;
  readonly #queries: RawQueries;
  readonly #compare: ReturnType<typeof comparer>;
  readonly #lookUp: LookUp;
  readonly #differences: Difference[] = [];
  #more = 0;
  #rows = 0;
  #inFlight = 0;
  #setAside = 0;

  constructor(options: VerifyOptions, mapping: TableMapping) {
    this.#options = options;
    this.#mapping = mapping;
    this.#queries = renderRawQueries(mapping, { captured: options.captured });
    this.#compare = comparer(mapping);
    this.#lookUp = lookUpOf(options.session);
  }

  async everything(): Promise<TableVerification> {
    const some = await this.#options.source.read((tx) => tx.rows(`SELECT 1 FROM ${sqliteName(this.#mapping.source)} LIMIT 1`));
    if (some.length > 0) await this.#everyRow();
    this.#more += await countExtras({ ...this.#options, mapping: this.#mapping });
    return this.#result();
  }

  async #everyRow(): Promise<void> {
    await this.#lookUp.prepare(this.#mapping);
    let after: Tuple | null = null;
    let limit = PAGE_ROWS;
    for (;;) {
      const from: Tuple | null = after;
      const read: Read | null = await this.#page((watermark) => this.#readPage(from, limit, watermark));
      if (read === null) break;
      limit = Math.min(PAGE_ROWS, Math.max(1, read.rows * 2));
      after = read.last;
    }
  }

  async logged(after: bigint, last: bigint): Promise<TableVerification> {
    await this.#lookUp.prepare(this.#mapping);
    for (let from = after; from < last; from += LOG_ENTRIES) {
      const to = from + LOG_ENTRIES < last ? from + LOG_ENTRIES : last;
      await this.#page((watermark) => this.#readLogged(from, to, watermark));
    }
    return this.#result();
  }

  #result(): TableVerification {
    return { mapping: this.#mapping, rows: this.#rows, differences: this.#differences, more: this.#more, inFlight: this.#inFlight, setAside: this.#setAside };
  }

  /** One page: the target's snapshot is taken first, so that the source can only be ahead of it. */
  async #page(read: (watermark: bigint) => Promise<Read | null>): Promise<Read | null> {
    if (this.#options.signal?.aborted === true) throw new InterruptedError();
    return this.#options.session.transaction(
      async (tx) => {
        const page = await read(await watermarkOf(tx, this.#options.run));
        if (page === null) return null;
        const arrived = await this.#lookUp.rows(tx, this.#mapping, asUtf8(page.lines, this.#mapping));
        let compared = 0;
        const found: Difference[] = [];
        for (const [index, row] of unpackRows(new Uint8Array(page.packed), this.#mapping).entries()) {
          if (row.inFlight) this.#inFlight++;
          else {
            compared++;
            const difference = this.#compare(row, arrived[index] ?? null);
            if (difference !== null) found.push(difference);
          }
        }
        for (const difference of await this.#unexplained(tx, found)) this.#note(difference);
        this.#rows += compared;
        this.#options.onRows?.(this.#mapping.source, compared);
        return page;
      },
      { isolation: "repeatable read" },
    );
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

  #note(difference: Difference): void {
    if (this.#differences.length < NAMED) this.#differences.push(difference);
    else this.#more++;
  }

  async #readPage(after: Tuple | null, limit: number, watermark: bigint): Promise<Read | null> {
    const bound: BoundKey | null = after === null ? null : bindKey(after);
    const from = bound?.expressions ?? null;
    const args = bound?.args ?? [];
    return this.#options.source.read(async (tx) => {
      for (let rows = limit; ; ) {
        const [size] = await tx.rows(this.#queries.size(from), [...args, BigInt(rows)]);
        const bytes = Number(size?.[0] ?? 0n);
        const found = Number(size?.[1] ?? 0n);
        if (found === 0) return null;
        if (bytes > PAGE_BYTES && found > 1) {
          rows = Math.max(1, Math.floor(found * Math.min(0.5, (PAGE_BYTES / bytes) * 0.9)));
          continue;
        }
        const [page] = await tx.rows(this.#queries.page(from), [watermark, ...args, BigInt(found)]);
        const [boundary] = await tx.rows(renderBoundary(this.#mapping, from), [...args, BigInt(found - 1)]);
        return { packed: page?.[0] as ArrayBuffer, lines: page?.[1] as ArrayBuffer, rows: found, last: tupleOf(boundary ?? [], 0, keyColumns(this.#mapping).length) };
      }
    });
  }

  async #readLogged(from: bigint, to: bigint, watermark: bigint): Promise<Read | null> {
    const [row] = await this.#options.source.read((tx) => tx.rows(this.#queries.logged, [watermark, from, to]));
    const [packed, lines, rows] = row ?? [];
    return packed == null ? null : { packed: packed as ArrayBuffer, lines: lines as ArrayBuffer, rows: Number(rows), last: null };
  }
}
