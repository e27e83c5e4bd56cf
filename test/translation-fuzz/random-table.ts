import type { Random } from "./random.ts";

/** A table of random columns and rows, as SQL of SQLite. */
export interface RandomTable {
  readonly name: string;
  readonly columns: readonly RandomColumn[];
  readonly sql: string;
}

export interface RandomColumn {
  readonly name: string;
  /** What its values look like: expressions that have a meaning for it are tried more often. */
  readonly looks: Looks;
}

export type Looks = "number" | "text" | "blob" | "date" | "any";

const INTEGERS = ["0", "1", "-1", "2", "5", "7", "10", "-8", "255", "1000000"];
const LARGE = ["9007199254740993", "-9007199254740993", "4611686018427387904", "9223372036854775807", "3000000000"];
const DOCUMENTS = ["'{}'", "'[1]'", "'null'", "'{'"];
const REALS = ["0.0", "0.5", "-0.5", "1.5", "2.5", "5.0", "-3.0", "0.1", "9.75", "1e10"];
const WORDS = [
  "''",
  "'a'",
  "'A'",
  "'b'",
  "'abc'",
  "'ABC'",
  "'äx'",
  "'Äx'",
  "'b '",
  "' b'",
  "'x_y'",
  "'a%c'",
  "'it''s'",
];
const DIGITS = ["'5'", "'05'", "'5.0'", "'10'", "' 5'", "'-1'", "'1e1'"];
const BLOBS = ["x''", "x'61'", "x'00ff'", "x'c3a9'", "x'35'"];
const DATES = ["'2024-01-31'", "'1999-12-01'", "'2000-02-29'", "'2024-02-01'"];
const TIMES = ["'2024-01-31 23:59:59'", "'1969-12-31 00:00:00'", "'2000-02-29 12:30:00.5'", "'2024-02-01 00:00:00'"];

interface Style {
  readonly values: readonly string[];
  readonly types: readonly string[];
  readonly looks: Looks;
}

const NUMERIC = ["INTEGER", "INT", "REAL", "NUMERIC", "DECIMAL(10,2)", "FLOAT", "", "TEXT", "BLOB", "BIGINT"];
const TEXTUAL = [
  "TEXT",
  "VARCHAR(20)",
  "",
  "TEXT COLLATE NOCASE",
  "TEXT COLLATE RTRIM",
  "INTEGER",
  "REAL",
  "BLOB",
  "DATETIME",
];

const STYLES: readonly Style[] = [
  { values: INTEGERS, types: NUMERIC, looks: "number" },
  { values: INTEGERS, types: ["INTEGER", "BIGINT"], looks: "number" },
  { values: [...INTEGERS, ...LARGE], types: ["INTEGER", "BIGINT", "", "NUMERIC"], looks: "number" },
  { values: REALS, types: NUMERIC, looks: "number" },
  { values: REALS, types: ["REAL", "DOUBLE"], looks: "number" },
  { values: [...INTEGERS, ...REALS], types: NUMERIC, looks: "number" },
  { values: ["0", "1"], types: ["BOOLEAN", "TINYINT(1)", "INTEGER", "BOOLEAN", ""], looks: "number" },
  { values: WORDS, types: TEXTUAL, looks: "text" },
  { values: WORDS, types: ["TEXT", "TEXT COLLATE NOCASE"], looks: "text" },
  { values: [...WORDS, ...DIGITS], types: TEXTUAL, looks: "text" },
  { values: [...WORDS, ...INTEGERS], types: ["", "TEXT", "INTEGER", "NUMERIC", "BLOB"], looks: "any" },
  { values: [...WORDS, ...INTEGERS, ...DIGITS], types: ["INTEGER", "NUMERIC", "INTEGER_OR_TEXT"], looks: "any" },
  { values: [...DIGITS, ...REALS], types: ["", "REAL", "NUMERIC", "BLOB"], looks: "any" },
  { values: [...DOCUMENTS, ...WORDS.slice(0, 3)], types: ["TEXT"], looks: "text" },
  { values: BLOBS, types: ["BLOB", "", "TEXT"], looks: "blob" },
  { values: [...BLOBS, ...WORDS], types: ["BLOB", "", "TEXT"], looks: "blob" },
  { values: DATES, types: ["DATE", "TEXT", "DATE"], looks: "date" },
  { values: TIMES, types: ["DATETIME", "TIMESTAMP", "TEXT"], looks: "date" },
  { values: [...DATES, ...TIMES], types: ["DATETIME", "TIMESTAMP"], looks: "date" },
  { values: ["1700000000", "1600000000", "1650000001"], types: ["DATETIME", "INTEGER", "TIMESTAMP"], looks: "number" },
  { values: [...INTEGERS, ...REALS, ...WORDS, ...BLOBS], types: ["", "BLOB", "TEXT"], looks: "any" },
  { values: ["NULL"], types: ["INTEGER", "TEXT", "", "REAL", "DECIMAL(8,2)"], looks: "any" },
];

/** Spellings that a collation takes for one. */
const SPELLINGS = ["'a'", "'A'", "'a '", "'b'", "'B'", "'b '", "'abc'", "'ABC'", "''"];

/** Columns that each table has under the same name: rare kinds of SQL are made of them. */
const SHARED: readonly (Style & { readonly name: string })[] = [
  { name: "k", values: INTEGERS, types: ["INTEGER"], looks: "number" },
  { name: "t", values: SPELLINGS, types: ["TEXT", "TEXT COLLATE NOCASE", "TEXT COLLATE RTRIM"], looks: "text" },
  { name: "c", values: BLOBS, types: ["BLOB"], looks: "blob" },
  { name: "w", values: WORDS, types: ["STRING", "NUMERIC", "TEXT", ""], looks: "text" },
  { name: "n", values: INTEGERS, types: ["INTEGER", "BIGINT"], looks: "number" },
];

/** Ids begin at 1, so that rows of two tables meet. */
export function randomTable(random: Random, name: string, width: number, height: number): RandomTable {
  const own = Array.from({ length: width }, (_, index) => ({ ...random.pick(STYLES), name: `${name}${index}` }));
  const styles = [...own, ...SHARED.map((style) => seasoned(random, style))];
  const columns = styles.map(({ looks, name: column }): RandomColumn => ({ name: column, looks }));
  const declared = styles.map((style) => `${style.name} ${random.pick(style.types)}`);
  const row = (id: number) => [
    String(id),
    ...styles.map(({ values }) => (random.chance(0.12) ? "NULL" : random.pick(values))),
  ];
  const rows = Array.from({ length: height }, (_, index) => `(${row(index + 1).join(", ")})`);
  return {
    name,
    columns: [{ name: "id", looks: "number" }, ...columns],
    sql:
      `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, ${declared.join(", ")});\nINSERT INTO ${name} VALUES ` +
      `${rows.join(", ")};`,
  };
}

/** In some tables bytes are mixed with texts, words look like numbers, and integers are large. */
function seasoned<S extends Style & { readonly name: string }>(random: Random, style: S): S {
  if (style.name === "c" && random.chance(0.5)) return { ...style, values: [...BLOBS, ...WORDS] };
  if (style.name === "w" && random.chance(0.5)) return { ...style, values: [...DIGITS, ...WORDS] };
  if (style.name === "n" && random.chance(0.5)) return { ...style, values: [...INTEGERS, ...LARGE] };
  return style;
}
