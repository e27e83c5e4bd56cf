import { type ColumnMapping, type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable, sqliteName } from "../quote.ts";
import { type CanonicalForm, MAX_CANONICAL_BYTES } from "../rows/canonical-form.ts";
import { balanced } from "../rows/copy-text.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyLine, keyField } from "../rows/render-row.ts";
import { codecOf } from "../rows/types/codecs.ts";
import { type BoundRange, renderRange } from "./key-range.ts";
import type { KeyRelation } from "./look-up.ts";
import { packed, pending } from "./render-raw.ts";

/** Which columns of a table are compared by what both databases write, in the order of writing, and which as values. */
export interface CanonicalSplit {
  readonly alike: readonly CanonicalColumn[];
  readonly others: readonly ColumnMapping[];
  /** Rows say by what is alike which they are, in whatever order they come. */
  readonly namesRows: boolean;
}

export interface CanonicalColumn {
  readonly column: KeyColumn;
  readonly format: CanonicalForm;
}

export function splitColumns(mapping: TableMapping, unlike: ReadonlySet<string>): CanonicalSplit {
  const formats = mapping.columns.map((column) => ({
    column,
    format: unlike.has(column.source) ? null : canonicalForm(column),
  }));
  const alike: CanonicalColumn[] = formats.flatMap(({ column, format }) =>
    format === null ? [] : [{ column, format }],
  );
  const keys = keyColumns(mapping);
  // A rowid is a column of the target's alone.
  if (mapping.identity.kind === "rowid" && alike.length > 0)
    for (const column of keys) alike.push({ column, format: canonicalForm(column) as CanonicalForm });
  return {
    alike: (["number", "counted", "free"] as const).flatMap((place) =>
      alike.filter(({ format }) => format.place === place),
    ),
    others: formats.flatMap(({ column, format }) => (format === null ? [column] : [])),
    namesRows: keys.every((key) =>
      alike.some(({ column }) => column.source === key.source && column.target === key.target),
    ),
  };
}

/** Null where the columns of a type are seldom written alike, or a rule makes NULL of some values. */
function canonicalForm({ conversion, onBadValue }: KeyColumn): CanonicalForm | null {
  return onBadValue === "null" ? null : codecOf(conversion).comparison.canonical;
}

/** Rows by a range of the key on both sides, where both order it alike; else rows are looked up by their keys. */
export function isRanged(mapping: TableMapping): boolean {
  const [key, ...others] = keyColumns(mapping);
  return (
    others.length === 0 &&
    key?.affinity === "integer" &&
    key.conversion.kind === "integer" &&
    key.onBadValue === undefined
  );
}

export interface CanonicalPageOptions {
  readonly captured: boolean;
  readonly order: readonly KeyColumn[];
  readonly range: BoundRange;
  /** A row with more bytes is left out. */
  readonly most: number;
  /** Whether PostgreSQL will want the keys. */
  readonly withKeys: boolean;
}

/**
 * The next rows after a key, as SQLite writes them: (watermark, …key, limit). One row of: all that is alike, of rows that are not in
 * flight; how long each of these is; the other columns, packed raw; keys to look up as COPY lines; number of rows; how many are in flight;
 * how many have a key that is no number, where they do not write it; the last key, where that is a number; how many are longer than `most`.
 */
export function renderCanonicalPage(
  mapping: TableMapping,
  split: CanonicalSplit,
  options: CanonicalPageOptions,
): string {
  const keys = keyColumns(mapping);
  const order = options.order.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const value = ({ source }: Pick<KeyColumn, "source">) => `t.${sqliteName(source)}`;
  const sized = split.alike.flatMap(({ column, format }) => format.bytes?.(value(column)) ?? []);
  const written = joinedBySqlite(split.alike.flatMap(({ column, format }) => format.sqlite(value(column))));
  // Before they are joined, lest memory be taken for them.
  const alike =
    sized.length === 0
      ? written
      : `CASE WHEN ${balanced(
          sized.map((bytes) => `${bytes}>${Math.floor(options.most / sized.length)}`),
          " OR ",
        )} THEN NULL ELSE ${written} END`;
  const others =
    split.others.length === 0
      ? null
      : balanced(
          split.others.map(
            (column) =>
              `(CASE WHEN octet_length(${value(column)})>${MAX_CANONICAL_BYTES} THEN 'n' ELSE ${packed(value(column), mapping)} END)`,
          ),
          "||",
        );
  const look = !options.withKeys || isRanged(mapping) ? null : copyLine(keys.map((key) => keyField(mapping, key, "t")));
  const flying = options.captured ? pending(mapping, keys, "t") : null;
  // A key that is no number is written as `!`, if it is written.
  const exceptional =
    isRanged(mapping) && !split.namesRows
      ? `CASE typeof(${value(keys[0] as KeyColumn)}) WHEN 'integer' THEN 0 ELSE 1 END`
      : null;
  const place = isNumbered(mapping, options.order) ? order : null;
  const columns = [`${alike} AS plain`, ...named({ other: others, look, flying, exceptional, k: place })];
  const rows = `SELECT ${columns.join(", ")} FROM ${mappedRelation(mapping)} AS t${renderRange(options.order, options.range)} ORDER BY ${order} LIMIT ?`;
  const large = others === null ? "plain IS NULL" : `(plain IS NULL OR octet_length(other)>${options.most})`;
  const rowByRow = [...(flying === null ? [] : ["flying"]), ...(others === null ? [] : [large])];
  const filter = rowByRow.length === 0 ? "" : ` FILTER (WHERE NOT (${rowByRow.join(" OR ")}))`;
  const answers = [
    `CAST(group_concat(plain,'')${filter} AS BLOB)`,
    `CAST(group_concat(octet_length(plain))${filter} AS BLOB)`,
    others === null ? "NULL" : `CAST(group_concat(other,'') FILTER (WHERE NOT ${large}) AS BLOB)`,
    look === null ? "NULL" : "CAST(group_concat(look, '') AS BLOB)",
    "count(*)",
    flying === null ? "0" : "total(flying)",
    exceptional === null ? "0" : "total(exceptional)",
    place === null ? "NULL" : "CASE typeof(max(k)) WHEN 'integer' THEN max(k) END",
    others === null ? "count(*)-count(plain)" : `total(${large})`,
    // The watermark, which is bound whether or not rows are asked if they are in flight.
    "?1",
  ];
  return `SELECT ${answers.join(", ")} FROM (${rows})`;
}

function named(columns: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(columns).flatMap(([name, sql]) => (sql === null ? [] : [`${sql} AS ${name}`]));
}

/** Whether one number says where a row stands. */
function isNumbered(mapping: TableMapping, order: readonly KeyColumn[]): boolean {
  return (
    order.length === 1 &&
    (isRanged(mapping) || (mapping.rowidName !== undefined && order[0]?.source === mapping.rowidName))
  );
}

/** Which rows PostgreSQL shall write: a range of the key, (after or null, last), or those under keys. */
export type CanonicalRows = "range" | Pick<KeyRelation, "table" | "order">;

/** What PostgreSQL writes for the same rows: their number, the sum of the hashes of what is alike, the other columns as text. */
export function renderCanonicalAnswer(
  mapping: TableMapping,
  split: CanonicalSplit,
  wanted: CanonicalRows,
  neverNull: ReadonlySet<string>,
): string {
  const keys = keyColumns(mapping).map(({ target }) => pgName(target));
  const source =
    wanted === "range"
      ? `${pgTable(mapping.target)} as t where ($1::bigint is null or t.${keys[0]} > $1::bigint) and t.${keys[0]} <= $2::bigint`
      : `${wanted.table} as l join ${pgTable(mapping.target)} as t on ${keys.map((key) => `t.${key} = l.${key}`).join(" and ")}`;
  const place = wanted === "range" ? `t.${keys[0]}` : `l.${wanted.order}`;
  const others = split.others.map(({ target }, index) => `, t.${pgName(target)}::text as c${index}`).join("");
  const arrays = split.others.map((_, index) => `, array_agg(c${index}) as c${index}`).join("");
  // Rows that do not say which they are differ by their place among the others.
  const seed = split.namesRows ? "0" : `row_number() over (order by ${place})`;
  const ordered = split.others.length > 0 ? ` order by ${place}` : "";
  return `select count(*)::integer as rows, coalesce(sum(hash), 0)::text as digest${arrays} from (select ${rowHash(split, neverNull, seed)} as hash${others} from ${source}${ordered}) as r`;
}

/** PostgreSQL expression: the hash of a row `t`, as `hashRows` gives it of what SQLite writes. */
export function rowHash({ alike }: CanonicalSplit, neverNull: ReadonlySet<string>, seed = "0"): string {
  const values = alike.flatMap(({ column: { target }, format }) =>
    format.postgres(`t.${pgName(target)}`, { isNeverNull: neverNull.has(target) }),
  );
  return `hashtextextended(${joinedByPostgres(values)} collate "C", ${seed})`;
}

/** The hashes of the rows under keys, each of them once. */
export function renderHashesUnder(
  mapping: TableMapping,
  split: CanonicalSplit,
  { table }: Pick<KeyRelation, "table">,
  neverNull: ReadonlySet<string>,
): string {
  const keys = keyColumns(mapping).map(({ target }) => pgName(target));
  return `select ${rowHash(split, neverNull)}::text as hash from (select distinct ${keys.join(", ")} from ${table} as k) as l join ${pgTable(mapping.target)} as t on ${keys.map((key) => `t.${key} = l.${key}`).join(" and ")}`;
}

/** SQLite takes 127 arguments, and joins them in less than half of the time that `||` takes. */
function joinedBySqlite(values: readonly string[]): string {
  return inParts(values, 60, (part) => `concat(${part.join(",',',")})`);
}

/** PostgreSQL takes 100. */
function joinedByPostgres(values: readonly string[]): string {
  return inParts(values, 90, (part) => `concat_ws(',', ${part.join(", ")})`);
}

function inParts(values: readonly string[], most: number, join: (part: readonly string[]) => string): string {
  // Another lane may have found out meanwhile that nothing is alike: then the other columns say all.
  if (values.length === 0) return "''";
  if (values.length <= most) return join(values);
  return inParts(
    Array.from({ length: Math.ceil(values.length / most) }, (_, part) =>
      join(values.slice(part * most, (part + 1) * most)),
    ),
    most,
    join,
  );
}
