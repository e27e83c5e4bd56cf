import { ValueError } from "../errors.ts";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { rawExpression, tupleOf } from "../rows/bind-key.ts";
import type { EncodedRows } from "../rows/encode/copy-format.ts";
import { parseKeyTexts } from "../rows/key-text.ts";
import { LARGE_ROW_BYTES } from "../rows/large-row.ts";
import { lastLogged, refuseRewound } from "../rows/log-entries.ts";
import { PageSize } from "../rows/page-size.ts";
import type { Source, SourceReader, SourceRow } from "../source/source.ts";
import type { KeySpan } from "./ascending-keys.ts";
import { type ChangesAsked, readFastPathChanges } from "./fast-path-changes.ts";
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
  const { source, mappings, checkSchema } = options;
  const byId = new Map(mappings.map((mapping) => [BigInt(mapping.id), mapping]));
  const queries = new Map<TableMapping, ChangeQueries>();
  const size = new PageSize({ first: FIRST_ENTRIES, max: options.maxEntries ?? MAX_ENTRIES, of: source });
  const isFastPath = new FastPath();
  let bytesOfEntry = 1;
  const queriesOf = (mapping: TableMapping) => {
    const known = queries.get(mapping) ?? renderChangeQueries(mapping);
    queries.set(mapping, known);
    return known;
  };
  return {
    async read(after, limits) {
      const found = await source.read(async (tx): Promise<Changes> => {
        const started = performance.now();
        const [, last] = await Promise.all([checkSchema(tx), lastLogged(tx)]);
        refuseRewound(last, after, source.location);
        if (last === after) return { pass: limits.pass, last, through: after, tables: [], large: null, durationMs: 0 };
        const entries = Math.max(1, Math.min(size.rows, Math.floor(BYTES / bytesOfEntry)));
        const fastPath = await readFastPath(tx, {
          pass: limits.pass,
          after,
          through: last - after > BigInt(entries) ? after + BigInt(entries) : last,
        });
        if (fastPath !== null)
          return { pass: limits.pass, last, ...fastPath, large: null, durationMs: performance.now() - started };
        const range = await fittingRange(tx, after, last, { entries, bytes: BYTES }, byId, queriesOf);
        bytesOfEntry = Math.max(1, range.bytes / Number(range.through - after));
        const [only] = range.mappings;
        if (range.isLargeRow && only !== undefined) {
          const keys = keyColumns(only).map((_, position) => logKeyColumn(position));
          const [row = []] = await tx.rows(
            `SELECT ${keys.flatMap((k) => [`typeof(${k})`, rawExpression(k)]).join(", ")} ` +
              `FROM ${sqliteName(LOG_TABLE)} WHERE seq = ?`,
            [range.through],
          );
          return {
            pass: limits.pass,
            last,
            through: range.through,
            tables: [],
            large: { mapping: only, key: tupleOf(row, 0, keys.length) },
            durationMs: performance.now() - started,
          };
        }
        const tables: TableChanges[] = [];
        for (const mapping of range.mappings)
          tables.push(
            ...changesOf(
              mapping,
              (await tx.rows(queriesOf(mapping).rows, [BigInt(limits.pass), after, range.through]))[0] ?? [],
            ),
          );
        return {
          pass: limits.pass,
          last,
          through: range.through,
          tables,
          large: null,
          durationMs: performance.now() - started,
        };
      }, limits);
      size.learn({ rows: Number(found.through - after), durationMs: found.durationMs });
      return found;
    },
  };

  /** Null where some table's rows are not of the expected format, or too large to be read unasked. */
  async function readFastPath(
    tx: SourceReader,
    asked: ChangesAsked,
  ): Promise<Pick<Changes, "through" | "tables"> | null> {
    const tables: TableChanges[] = [];
    let bytes = 0;
    for (const mapping of await mappingsIn(tx, asked, byId)) {
      const { nullKeys, fastPath } = queriesOf(mapping);
      if (fastPath === null || !isFastPath.of(mapping)) return null;
      const [[hasNull] = []] = await tx.rows(nullKeys, [asked.after, asked.through]);
      if (Number(hasNull) > 0) return null;
      const found = await readFastPathChanges(tx, fastPath, asked);
      isFastPath.saw(mapping, found !== null);
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
    bytesOfEntry = Math.max(1, bytes / Number(asked.through - asked.after));
    return { through: asked.through, tables };
  }
}

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

async function mappingsIn(
  tx: SourceReader,
  { after, through }: Pick<ChangesAsked, "after" | "through">,
  byId: ReadonlyMap<bigint, TableMapping>,
): Promise<TableMapping[]> {
  const ids = await tx.rows(`SELECT DISTINCT tbl FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ?`, [
    after,
    through,
  ]);
  return ids.flatMap(([id]) => byId.get(id as bigint) ?? []);
}

/** How far a range may go to stay within the limits, and which tables are in it. */
async function fittingRange(
  tx: SourceReader,
  after: bigint,
  last: bigint,
  limits: { readonly entries: number; readonly bytes: number },
  byId: ReadonlyMap<bigint, TableMapping>,
  queriesOf: (mapping: TableMapping) => ChangeQueries,
): Promise<{ through: bigint; mappings: TableMapping[]; bytes: number; isLargeRow: boolean }> {
  let through = last - after > BigInt(limits.entries) ? after + BigInt(limits.entries) : last;
  for (;;) {
    const mappings = await mappingsIn(tx, { after, through }, byId);
    let bytes = 0;
    for (const mapping of mappings) {
      const [row] = await tx.rows(queriesOf(mapping).size, [0n, after, through]);
      bytes += Number(row?.[1] ?? 0n);
      if (Number(row?.[2] ?? 0n) > 0) await refuseNullKeys(tx, mapping);
    }
    const entries = through - after;
    if (bytes <= limits.bytes || entries <= 1n)
      return { through, mappings, bytes, isLargeRow: entries <= 1n && bytes > LARGE_ROW_BYTES };
    through = after + (entries / 2n > 1n ? entries / 2n : 1n);
  }
}

/** SQLite lets a primary key be NULL; such a row has no key under which it could be replayed. */
async function refuseNullKeys(tx: SourceReader, mapping: TableMapping): Promise<void> {
  const columns = keyColumns(mapping).map(({ source }) => source);
  const [found] = await tx.rows(
    `SELECT 1 FROM ${sqliteName(mapping.source)} ` +
      `WHERE ${columns.map((column) => `${sqliteName(column)} IS NULL`).join(" OR ")} LIMIT 1`,
  );
  if (found === undefined) return;
  throw new ValueError({
    code: "NULL_KEY",
    message:
      `table ${mapping.source}: a row was written whose key (${columns.join(", ")}) is NULL, ` +
      "which SQLite allows and PostgreSQL does not",
    hint: "give that row a key, or delete it, in the source; then run the same command again",
    context: { table: mapping.source, columns },
  });
}
