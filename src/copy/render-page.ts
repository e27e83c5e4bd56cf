import type { Conversion, TableMapping } from "../model/mapping.ts";
import { keyColumns, travellingColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions } from "../value/bind-key.ts";
import { balanced } from "../value/copy-text.ts";
import { keyText } from "../value/key-text.ts";
import { sameKey } from "../value/same-key.ts";
import { mappedRelation } from "../value/render-relation.ts";
import { copyField, copyLine, rowOdd, rowRefused, rowSetAside, rowSize, usualField } from "../value/render-row.ts";

/** The three questions that the copy asks of a table, each about the rows after a key, in key order. */
export interface PageQueries {
  /** Bytes and number of the next rows: (…key, limit). */
  probe(after: readonly string[] | null): string;
  /** Key of the last of the next rows: (…key, offset). */
  boundary(after: readonly string[] | null): string;
  /**
   * COPY text of the next rows, their number, how many may not pass, and how many are too large to be read without having been asked
   * for their size, and so are not in the text: (…key, limit). Where rows may be set aside, also the keys of those in the text and of those
   * that are left out of it.
   */
  page(after: readonly string[] | null): string;
  /** The same by less SQL, where all values are as usual: one more number says how many rows have others. Null where a rule says what becomes of values. */
  readonly usual: ((after: readonly string[] | null) => string) | null;
  /** The same, of rows whose sizes are known: all of them are in the text. */
  probed(after: readonly string[] | null): string;
  /** The same for the one row with a key: (…key). */
  one(key: readonly string[]): string;
}

/** Rows of a page at most, times this, must fit into memory. */
const MOST_BYTES = 32 << 10;

/** A size is cheap to ask of texts and blobs; a number would be made a text for it. Of these kinds no line is long, whatever is stored. */
function canBeLarge({ kind }: Conversion): boolean {
  return kind !== "integer" && kind !== "boolean" && kind !== "double" && kind !== "numeric";
}

export function renderPageQueries(mapping: TableMapping): PageQueries {
  const table = mappedRelation(mapping);
  const keys = keyColumns(mapping);
  const columns = travellingColumns(mapping);
  const order = keys.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const after = (bound: readonly string[] | null) => (bound === null ? "" : keys.length === 1 ? ` WHERE ${order} > ${bound[0]}` : ` WHERE (${order}) > (${bound.join(", ")})`);
  const rows = (what: string, bound: readonly string[] | null) => `SELECT ${what} FROM ${table} AS t${after(bound)} ORDER BY ${order} LIMIT ?`;
  const line = copyLine(columns.map((column) => copyField(column, "t")));
  const refused = `${line} AS line, ${rowRefused(columns, "t")} AS refused`;
  const ledger = mapping.ledger === true;
  const what = ledger ? `${refused}, ${rowSetAside(columns, "t")} AS aside, ${keyText(keys, "t")} AS keyed` : refused;
  const text = ledger ? "CASE WHEN aside THEN '' ELSE line END" : "line";
  const large = `(${balanced(columns.filter(({ conversion }) => canBeLarge(conversion)).map(({ source }) => `coalesce(octet_length(t.${sqliteName(source)}),0)`).concat("0"), "+")})>${MOST_BYTES}`;
  const guarded = `CASE WHEN ${large} THEN '' ELSE ${line} END AS line, ${rowRefused(columns, "t")} AS refused${ledger ? `, ${rowSetAside(columns, "t")} AS aside, ${keyText(keys, "t")} AS keyed` : ""}, ${large} AS large`;
  const keyed = ledger ? ", CAST(group_concat(CASE WHEN NOT aside THEN keyed END, char(10)) AS BLOB), CAST(group_concat(CASE WHEN aside THEN keyed END, char(10)) AS BLOB)" : "";
  const collect = (from: string, isLarge = "0") => `SELECT CAST(group_concat(${text}, '') AS BLOB), count(*), sum(refused), ${isLarge}${keyed} FROM (${from})`;
  return {
    probe: (bound) => `SELECT coalesce(sum(bytes), 0), count(*) FROM (${rows(`${rowSize(columns, "t")} AS bytes`, bound)})`,
    boundary: (bound) => `${rows(keyExpressions(keys, "t").join(", "), bound)} OFFSET ?`,
    page: (bound) => collect(rows(guarded, bound), "total(large)"),
    usual:
      ledger || columns.some(({ onBadValue }) => onBadValue !== undefined)
        ? null
        : (bound) =>
            `SELECT CAST(group_concat(line, '') AS BLOB), count(*), total(odd), total(large) FROM (${rows(`CASE WHEN ${large} THEN '' ELSE ${copyLine(columns.map((column) => usualField(column, "t")))} END AS line, ${rowOdd(columns, "t")} AS odd, ${large} AS large`, bound)})`,
    probed: (bound) => collect(rows(what, bound)),
    one: (key) => collect(`SELECT ${what} FROM (SELECT ${key.map((value, position) => `${value} AS k${position}`).join(", ")}) AS l JOIN ${table} AS t ON ${keys.map((column, position) => sameKey(column, `t.${sqliteName(column.source)}`, `l.k${position}`)).join(" AND ")}`),
  };
}
