import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import type { EncodedRows } from "../rows/encode/copy-format.ts";
import { parseKeyTexts } from "../rows/key-text.ts";
import { lastLogged, refuseRewound } from "../rows/log-entries.ts";
import { PageSize } from "../rows/page-size.ts";
import type { Source, SourceReader, SourceRow } from "../source/source.ts";
import type { KeySpan } from "./ascending-keys.ts";
import { type ChangesAsked, readFastPathChanges } from "./fast-path-changes.ts";
import { fittingRange, loggedKey, mappingsIn, rangeEnd } from "./fitting-range.ts";
import { type ChangeQueries, renderChangeQueries } from "./render-changes.ts";

/** The changes of one range of `seq`, read in one snapshot. */
export interface Changes {
  /** Which pass of its batch this is: a later one counts more. */
  readonly pass: number;
  /** The range ends here, inclusive. */
  readonly through: bigint;
  /** The last `seq` of the log in the same snapshot: when `through` equals it, the target will equal this snapshot. */
  readonly last: bigint;
  readonly tables: readonly TableChanges[];
  /** The range is this one row alone, too large to be read at once. It was not, so the snapshot does not hold it. */
  readonly large: { readonly mapping: TableMapping; readonly key: Tuple } | null;
  readonly durationMs: number;
}

export interface TableChanges {
  readonly mapping: TableMapping;
  readonly keys: number;
  /** Rows with a value that may not pass. */
  readonly refused: number;
  /** Whether some of the keys have no row any more. */
  readonly hasDeleted: boolean;
  /** Of the rows' keys, where they are known to ascend. */
  readonly ascending: KeySpan | null;
  /** For the staging table; text alone where rows may be quarantined. */
  readonly rows: readonly EncodedRows[];
  /** Where rows may be quarantined: all keys read, and those whose row a rule keeps out. */
  readonly quarantine: { readonly read: readonly Tuple[]; readonly quarantined: readonly Tuple[] } | null;
}

export interface ChangeReader {
  /** Reads from `after` on, as much as keeps the snapshot short. */
  read(after: bigint, limits: RangeLimits): Promise<Changes>;
}

export interface RangeLimits {
  /** Which pass of the batch this is: a later one counts more. */
  readonly pass: number;
  /** Ends the wait for the source's lock. */
  readonly signal?: AbortSignal | undefined;
}

export interface ChangeReaderOptions {
  readonly source: Source;
  readonly mappings: readonly TableMapping[];
  /** Runs in the batch's own snapshot, before anything is read: throws if the schema is no longer the captured one. */
  readonly checkSchema: (tx: SourceReader) => Promise<void>;
  /** Entries of the log that are read in one snapshot at most. */
  readonly maxEntries?: number | null;
}

const FIRST_ENTRIES = 2_000;
const MAX_ENTRIES = 20_000;
const BYTES = 1 << 20;

export function changeReader(options: ChangeReaderOptions): ChangeReader {
  return new LogReader(options);
}

class LogReader implements ChangeReader {
  readonly #options: ChangeReaderOptions;
  readonly #byId: ReadonlyMap<bigint, TableMapping>;
  readonly #queries = new Map<TableMapping, ChangeQueries>();
  readonly #size: PageSize;
  readonly #isFastPath = new FastPath();
  #bytesOfEntry = 1;

  constructor(options: ChangeReaderOptions) {
    this.#options = options;
    this.#byId = new Map(options.mappings.map((mapping) => [BigInt(mapping.id), mapping]));
    this.#size = new PageSize({ first: FIRST_ENTRIES, max: options.maxEntries ?? MAX_ENTRIES });
  }

  async read(after: bigint, limits: RangeLimits): Promise<Changes> {
    const { checkSchema, source } = this.#options;
    const { pass } = limits;
    const found = await source.read(async (tx): Promise<Changes> => {
      const started = performance.now();
      await checkSchema(tx);
      const last = await lastLogged(tx);
      refuseRewound(last, after, source.location);
      if (last === after) return { pass, last, through: after, tables: [], large: null, durationMs: 0 };
      const entries = Math.max(1, Math.min(this.#size.rows, Math.floor(BYTES / this.#bytesOfEntry)));
      const through = rangeEnd(after, last, entries);
      const fastPath = source.kind === "file" ? await this.#readFastPath(tx, { pass, after, through }) : null;
      const read = fastPath ?? (await this.#readRange(tx, { pass, after, through }));
      return { pass, last, ...read, durationMs: performance.now() - started };
    }, limits);
    this.#size.learn({ rows: Number(found.through - after), durationMs: found.durationMs });
    return found;
  }

  /** Null where some table's rows are not of the expected format, or too large to be read unasked. */
  async #readFastPath(tx: SourceReader, asked: ChangesAsked): Promise<ReadRange | null> {
    const tables: TableChanges[] = [];
    let bytes = 0;
    for (const mapping of await mappingsIn(tx, asked, this.#byId)) {
      const { nullKeys, fastPath } = this.#queriesOf(mapping);
      if (fastPath === null || !this.#isFastPath.of(mapping)) return null;
      const [[hasNull] = []] = await tx.rows(nullKeys, [asked.after, asked.through]);
      if (Number(hasNull) > 0) return null;
      const found = await readFastPathChanges(tx, fastPath, asked);
      this.#isFastPath.saw(mapping, found !== null);
      if (found === null) return null;
      bytes += found.bytes;
      if (found.keys > 0)
        tables.push({
          mapping,
          keys: found.keys,
          refused: 0,
          hasDeleted: found.deleted > 0,
          ascending: found.ascending,
          rows: found.rows,
          quarantine: null,
        });
    }
    this.#bytesOfEntry = Math.max(1, bytes / Number(asked.through - asked.after));
    return { through: asked.through, tables, large: null };
  }

  async #readRange(tx: SourceReader, { pass, after, through }: ChangesAsked): Promise<ReadRange> {
    const sizeQuery = (mapping: TableMapping) => this.#queriesOf(mapping).size;
    const range = await fittingRange(tx, { after, through }, { bytes: BYTES, byId: this.#byId, sizeQuery });
    this.#bytesOfEntry = Math.max(1, range.bytes / Number(range.through - after));
    const [only] = range.mappings;
    if (range.isLargeRow && only !== undefined)
      return {
        through: range.through,
        tables: [],
        large: { mapping: only, key: await loggedKey(tx, only, range.through) },
      };
    const tables: TableChanges[] = [];
    for (const mapping of range.mappings) {
      const [row = []] = await tx.rows(this.#queriesOf(mapping).rows, [BigInt(pass), after, range.through]);
      tables.push(...changesOf(mapping, row));
    }
    return { through: range.through, tables, large: null };
  }

  #queriesOf(mapping: TableMapping): ChangeQueries {
    const known = this.#queries.get(mapping) ?? renderChangeQueries(mapping);
    this.#queries.set(mapping, known);
    return known;
  }
}

type ReadRange = Pick<Changes, "through" | "tables" | "large">;

/** Tables whose pages come by the fast path, until several in a row do not. */
class FastPath {
  readonly #misses = new Map<TableMapping, number>();

  of(mapping: TableMapping): boolean {
    return (this.#misses.get(mapping) ?? 0) < MAX_MISSES;
  }

  saw(mapping: TableMapping, isFastPath: boolean): void {
    this.#misses.set(mapping, isFastPath ? 0 : (this.#misses.get(mapping) ?? 0) + 1);
  }
}

const MAX_MISSES = 3;

function changesOf(mapping: TableMapping, row: SourceRow): TableChanges[] {
  const [text, keys, refused, read, quarantined] = row;
  if (text == null) return [];
  const hasDeleted = mapping.quarantine === true || Number(read ?? 0) > 0;
  const quarantine =
    mapping.quarantine === true
      ? { read: parseKeyTexts(read, mapping), quarantined: parseKeyTexts(quarantined, mapping) }
      : null;
  return [
    {
      mapping,
      keys: Number(keys),
      refused: Number(refused ?? 0n),
      hasDeleted,
      ascending: null,
      rows: [{ format: "text", data: asUtf8(text as ArrayBuffer, mapping) }],
      quarantine,
    },
  ];
}
