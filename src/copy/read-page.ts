import { SourceError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { type BoundKey, bindKey, tupleOf } from "../rows/bind-key.ts";
import { copyBinaryOfJson } from "../rows/encode/copy-binary-of-json.ts";
import { copyTextOfJson } from "../rows/encode/copy-text-of-json.ts";
import { parseKeyTexts } from "../rows/key-text.ts";
import { LARGE_ROW_BYTES } from "../rows/large-row.ts";
import { fewerOf, maxBytesOfRow } from "../rows/page-size.ts";
import type { Source, SourceReader, SourceRow, SourceValue } from "../source/source.ts";
import type { Page } from "./page.ts";
import type { PageLimits } from "./page-limits.ts";
import type { FastPathPages, PageQueries } from "./render-page.ts";

/** A larger row has to be asked for its size, in whatever page it is. */
const MAX_UNASKED_BYTES = 32 << 10;
/** Longer JSON of a row costs us more than its binary form spares PostgreSQL: 2.5 times as much for 300 columns. */
const MAX_JSON_OF_BINARY_ROW = 1_024;

/** Reads the next page after a key in one short snapshot, by SQL; null when there are no more rows. */
export async function readPage(
  source: Pick<Source, "kind" | "read">,
  queries: PageQueries,
  mapping: TableMapping,
  after: Tuple | null,
  limits: PageLimits,
): Promise<Page | null> {
  const bound = after === null ? null : bindKey(after);
  const read = await source
    .read(async (tx) => {
      const started = performance.now();
      const found = await new PageRead(tx, { queries, bound, limits, isFar: source.kind !== "file" }).next();
      return found === null ? null : { ...found, durationMs: performance.now() - started };
    })
    .catch((error: unknown) => {
      // Rows of another size than those before: the server has a limit, and asks for fewer.
      if (!isAnswerTooLarge(error) || limits.rows === 1) throw error;
      limits.capRows(Math.ceil(limits.rows / 4));
      return "too large" as const;
    });
  if (read === "too large") return readPage(source, queries, mapping, after, limits);
  if (read === null) return null;
  const { boundary, durationMs, encoded, isLargeRow, isLast, row, rows } = read;
  const [text, , refused, , sent, quarantined] = row;
  return {
    rows,
    ...(encoded ?? { data: asUtf8(text as ArrayBuffer, mapping), format: "text" }),
    isFastPath: encoded !== null,
    keys:
      mapping.quarantine === true
        ? { sent: parseKeyTexts(sent, mapping), quarantined: parseKeyTexts(quarantined, mapping) }
        : null,
    refused: Number(refused ?? 0),
    last: tupleOf(boundary, 0, queries.order.length),
    isLast,
    isLargeRow,
    durationMs,
  };
}

type Encoded = Pick<Page, "data" | "format">;

interface FoundPage {
  readonly rows: number;
  /** Null where SQLite wrote the COPY text, which is in `row` then. */
  readonly encoded: Encoded | null;
  /** What {@link PageQueries.page} returned. */
  readonly row: SourceRow;
  readonly boundary: SourceRow;
  readonly isLast: boolean;
  readonly isLargeRow: boolean;
}

interface PageRequest {
  readonly queries: PageQueries;
  readonly bound: BoundKey | null;
  readonly limits: PageLimits;
  /** Each question costs a round trip. */
  readonly isFar: boolean;
}

/** The ways to read a page in one snapshot, from the fastest to the one that knows all values. */
class PageRead {
  readonly #tx: SourceReader;
  readonly #queries: PageQueries;
  readonly #limits: PageLimits;
  readonly #from: readonly string[] | null;
  readonly #args: readonly SourceValue[];
  readonly #isFar: boolean;
  /** Rows that the page may have. */
  #maxRows: number;

  constructor(tx: SourceReader, { bound, isFar, limits, queries }: PageRequest) {
    this.#isFar = isFar;
    this.#tx = tx;
    this.#queries = queries;
    this.#limits = limits;
    this.#from = bound?.expressions ?? null;
    this.#args = bound?.args ?? [];
    this.#maxRows = limits.rows;
  }

  async next(): Promise<FoundPage | null> {
    const { fastPath } = this.#queries;
    if (fastPath?.rowByRow != null && this.#limits.expectsLargeBlobs) return this.#sized();
    if (fastPath !== null && this.#limits.expectsFastPath) {
      const found = await this.#byJson(fastPath);
      if (found !== "unknown") return found;
    }
    return this.#byText();
  }

  /** `unknown`: a value is not of its column's expected format, or a row is too large to be read unasked. */
  async #byJson(fastPath: FastPathPages): Promise<FoundPage | "unknown" | null> {
    const asked = this.#isNumbered ? null : this.#boundaryAhead();
    let found = await this.#json(fastPath);
    while (found.large > 0 && maxUnasked(this.#maxRows) < MAX_UNASKED_BYTES) {
      this.#maxRows = fewerOf(this.#maxRows);
      this.#limits.capRows(this.#maxRows);
      found = await this.#json(fastPath);
    }
    const { last, rows } = found;
    if (rows === 0) return null;
    const encoded = this.#encode(found, fastPath);
    this.#limits.saw("fastPath", encoded !== null);
    if (encoded === null) return "unknown";
    const boundary: SourceRow =
      this.#queries.order.length === 1 && typeof last === "bigint"
        ? ["integer", last]
        : await this.#boundary(rows, await asked);
    return { rows, encoded, row: [], boundary, isLast: rows < this.#maxRows, isLargeRow: false };
  }

  /**
   * COPY text as SQLite writes it. Nearly all tables have rows of a size: asking for it first would only read them
   * twice.
   */
  async #byText(): Promise<FoundPage | null> {
    const asked = this.#boundaryAhead();
    const row = await this.#text(this.#maxRows, maxUnasked(this.#maxRows));
    const rows = Number(row[1] ?? 0);
    if (rows === 0) return null;
    const isTooLarge = Number(row[3] ?? 0) > 0;
    if (isTooLarge) return this.#sized();
    const isLast = rows < this.#maxRows;
    return { rows, encoded: null, row, boundary: await this.#boundary(rows, await asked), isLast, isLargeRow: false };
  }

  /** Asks for the rows' sizes first, and takes as many as fit. */
  async #sized(): Promise<FoundPage | null> {
    const { bytes, rows } = await this.#fitting();
    if (rows === 0) return null;
    const isLargeRow = bytes > LARGE_ROW_BYTES;
    const encoded = isLargeRow ? null : await this.#largeBlobs({ bytes, rows });
    const row = isLargeRow || encoded !== null ? [new ArrayBuffer(0)] : await this.#text(rows, LARGE_ROW_BYTES);
    return { rows, encoded, row, boundary: await this.#boundary(rows), isLast: false, isLargeRow };
  }

  async #json({ query }: FastPathPages): Promise<JsonRows> {
    const sql = query(this.#from, maxUnasked(this.#maxRows));
    const [[json, rows, last, large] = []] = await this.#tx.rows(sql, [...this.#args, BigInt(this.#maxRows)]);
    return { json: new Uint8Array(json as ArrayBuffer), rows: Number(rows), last, large: Number(large) };
  }

  async #text(rows: number, maxBytes: number): Promise<SourceRow> {
    const sql = this.#queries.page(this.#from, maxBytes);
    return (await this.#tx.rows(sql, [...this.#args, BigInt(rows)]))[0] ?? [];
  }

  /** One integer orders the rows, which comes with them. */
  get #isNumbered(): boolean {
    const { order } = this.#queries;
    return order.length === 1 && order[0]?.conversion.kind === "integer";
  }

  /** The key of the last row of a full page, asked for along with the page where that spares a round trip. */
  async #boundaryAhead(): Promise<Ahead | null> {
    if (!this.#isFar) return null;
    const rows = this.#maxRows;
    const sql = this.#queries.boundary(this.#from);
    const found = this.#tx.rows(sql, [...this.#args, 1n, BigInt(rows - 1)]);
    // Awaited behind the page, whose failure says enough.
    return found.then(
      ([row]) => ({ rows, row }),
      () => null,
    );
  }

  async #boundary(rows: number, ahead: Ahead | null = null): Promise<SourceRow> {
    if (ahead?.rows === rows && ahead.row !== undefined) return ahead.row;
    const sql = this.#queries.boundary(this.#from);
    return (await this.#tx.rows(sql, [...this.#args, 1n, BigInt(rows - 1)]))[0] ?? [];
  }

  /**
   * Binary if all columns have such a format, which costs PostgreSQL less. Null if a value is not of the expected
   * format.
   */
  #encode({ json, rows }: JsonRows, { binary, shapes }: FastPathPages): Encoded | null {
    if (binary !== null && this.#limits.expectsBinary && json.length <= rows * MAX_JSON_OF_BINARY_ROW) {
      const data = copyBinaryOfJson(json, binary, rows);
      this.#limits.saw("binary", data !== null);
      if (data !== null) return { data, format: "binary" };
    }
    const data = copyTextOfJson(json, shapes);
    return data === null ? null : { data, format: "text" };
  }

  /**
   * Large blobs come as they are next to the JSON: as hexadecimal digits they take four times as long. Null if there
   * are none.
   */
  async #largeBlobs(sized: { readonly bytes: number; readonly rows: number }): Promise<Encoded | null> {
    const { fastPath } = this.#queries;
    if (fastPath?.rowByRow == null || fastPath.binary === null || !this.#limits.areLarge(sized)) return null;
    const bound = [...this.#args, BigInt(sized.rows)];
    const [[json] = []] = await this.#tx.rows(fastPath.rowByRow.query(this.#from), bound);
    const blobs = (await this.#tx.rows(fastPath.rowByRow.blobs(this.#from), bound)).flatMap((row) =>
      row.filter((value) => value instanceof ArrayBuffer),
    );
    const data = copyBinaryOfJson(new Uint8Array(json as ArrayBuffer), fastPath.binary, sized.rows, { blobs });
    this.#limits.saw("fastPath", data !== null);
    return data === null ? null : { data, format: "binary" };
  }

  /** How many of the next rows stay within the limits; at least one if there is any. */
  async #fitting(): Promise<{ readonly bytes: number; readonly rows: number }> {
    for (let limit = this.#limits.rows; ; ) {
      const [row] = await this.#tx.rows(this.#queries.probe(this.#from), [...this.#args, BigInt(limit)]);
      const bytes = Number(row?.[0] ?? 0);
      const rows = Number(row?.[1] ?? 0);
      if (bytes <= this.#limits.bytes || rows <= 1) return { bytes, rows };
      limit = Math.max(1, Math.floor(rows * Math.min(0.5, (this.#limits.bytes / bytes) * 0.9)));
    }
  }
}

/** A boundary that was asked for before the number of rows was known. */
interface Ahead {
  readonly rows: number;
  readonly row: SourceRow | undefined;
}

/** The server has a limit, and this is beyond it. */
export function isAnswerTooLarge(error: unknown): boolean {
  return error instanceof SourceError && error.code === "SOURCE_ANSWER_TOO_LARGE";
}

interface JsonRows {
  readonly json: Uint8Array;
  readonly rows: number;
  readonly last: unknown;
  /** Rows that are too large for so many. */
  readonly large: number;
}

function maxUnasked(rows: number): number {
  return Math.min(MAX_UNASKED_BYTES, maxBytesOfRow(rows));
}
