import { type ColumnMapping, type KeyColumn, type TableMapping, keyColumns } from "../model/mapping.ts";
import { pgName, pgTable, sqliteName } from "../quote.ts";
import { balanced } from "../value/copy-text.ts";
import { mappedRelation } from "../value/render-relation.ts";
import { copyLine, keyField } from "../value/render-row.ts";
import { type BoundRange, renderRange } from "./key-range.ts";
import { MOST_PLAIN_BYTES, type PlainForm, plainForm } from "./plain-form.ts";
import { inFlight, packed } from "./render-raw.ts";

/** Which columns of a table are compared by what both databases write, and which as values. */
export interface PlainSplit {
  readonly alike: readonly { readonly column: ColumnMapping; readonly form: PlainForm }[];
  readonly others: readonly ColumnMapping[];
}

export function splitColumns(mapping: TableMapping, unlike: ReadonlySet<string>): PlainSplit {
  const forms = mapping.columns.map((column) => ({ column, form: unlike.has(column.source) ? null : plainForm(column) }));
  return {
    alike: forms.flatMap(({ column, form }) => (form === null ? [] : [{ column, form }])),
    others: forms.flatMap(({ column, form }) => (form === null ? [column] : [])),
  };
}

/** Rows by a range of the key on both sides, where both order it alike; else rows are looked up by their keys. */
export function isRanged(mapping: TableMapping): boolean {
  const [key, ...others] = keyColumns(mapping);
  return others.length === 0 && key?.affinity === "integer" && key.conversion.kind === "integer" && key.onBadValue === undefined;
}

/**
 * The next rows after a key, as SQLite writes them: (watermark, …key, limit). One row of: all that is alike; the other columns, packed raw;
 * keys to look up as COPY lines; number of rows; how many are in flight; how many have a key that is no number; the last key, where
 * that is a number; how many are longer than `most`, which are left out.
 */
export function renderPlainPage(mapping: TableMapping, split: PlainSplit, options: { readonly captured: boolean; readonly order: readonly KeyColumn[]; readonly range: BoundRange; readonly most: number }): string {
  const keys = keyColumns(mapping);
  const order = options.order.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const value = ({ source }: ColumnMapping) => `t.${sqliteName(source)}`;
  const alike = split.alike.length === 0 ? "''" : balanced(split.alike.map(({ column, form }) => `(${form.sqlite(value(column))})`), "||");
  const others = split.others.length === 0 ? "NULL" : balanced(split.others.map((column) => `(CASE WHEN octet_length(${value(column)})>${MOST_PLAIN_BYTES} THEN 'n' ELSE ${packed(value(column), mapping)} END)`), "||");
  const ranged = isRanged(mapping);
  const look = ranged ? "NULL" : copyLine(keys.map((key) => keyField(mapping, key, "t")));
  const flying = options.captured ? inFlight(mapping, keys, "t") : "?1 IS NULL";
  const number = ranged ? `CASE typeof(${order}) WHEN 'integer' THEN 0 ELSE 1 END` : "0";
  const rows = `SELECT ${flying} AS flying, ${number} AS odd, ${ranged ? order : "NULL"} AS k, ${alike} AS plain, ${others} AS other, ${look} AS look FROM ${mappedRelation(mapping)} AS t${renderRange(options.order, options.range)} ORDER BY ${order} LIMIT ?`;
  const large = `octet_length(plain)+coalesce(octet_length(other),0)>${options.most}`;
  const short = (column: string) => `CAST(group_concat(CASE WHEN ${large} THEN '' ELSE ${column} END, '') AS BLOB)`;
  return `SELECT ${short("plain")}, ${split.others.length === 0 ? "NULL" : short("other")}, CAST(group_concat(look, '') AS BLOB), count(*), total(flying), total(odd), CASE typeof(max(k)) WHEN 'integer' THEN max(k) END, total(${large}) FROM (${rows})`;
}

/** What PostgreSQL writes for the same rows: their number, the digest of all that is alike, the other columns as text. By range: (after or null, last). */
export function renderPlainAnswer(mapping: TableMapping, split: PlainSplit, lookUp: { readonly table: string; readonly order: string } | null): string {
  const keys = keyColumns(mapping).map(({ target }) => pgName(target));
  const plain = split.alike.length === 0 ? "''" : split.alike.map(({ column, form }) => form.postgres(`t.${pgName(column.target)}`)).join(" || ");
  const others = split.others.map(({ target }, index) => `, t.${pgName(target)}::text as c${index}`).join("");
  const source =
    lookUp === null
      ? `${pgTable(mapping.target)} as t where ($1::bigint is null or t.${keys[0]} > $1::bigint) and t.${keys[0]} <= $2::bigint order by t.${keys[0]}`
      : `${lookUp.table} as l join ${pgTable(mapping.target)} as t on ${keys.map((key) => `t.${key} = l.${key}`).join(" and ")} order by l.${lookUp.order}`;
  const arrays = split.others.map((_, index) => `, array_agg(c${index}) as c${index}`).join("");
  return `select count(*)::integer as rows, encode(sha256(convert_to(coalesce(string_agg(plain, ''), ''), 'UTF8')), 'hex') as digest${arrays} from (select ${plain} as plain${others} from ${source}) as r`;
}
