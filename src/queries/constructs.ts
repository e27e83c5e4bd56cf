import type { Expression, Statement } from "../sqlite-sql/ast.ts";
import type { QueryTables } from "./query-tables.ts";
import { type AnyNode, walkStatement } from "./walk-statement.ts";

/** Something in a statement that the two databases do not do alike. */
export interface Construct {
  /** How SQLite and PostgreSQL differ. */
  readonly cause: string;
  readonly advice: string;
  /** How the translation says it; null where it has no way. */
  readonly rewritten: string | null;
}

/** The catalogue of causes, the surest first. */
export const CONSTRUCTS = {
  INSERT_OR: {
    cause: "INSERT OR REPLACE, INSERT OR IGNORE and REPLACE exist in SQLite only",
    advice: "write INSERT … ON CONFLICT, which both databases know",
    rewritten: "INSERT OR … is ON CONFLICT by the table's key",
  },
  ROWID: {
    cause: "PostgreSQL has no rowid",
    advice: "name the column that is the INTEGER PRIMARY KEY",
    rewritten: "the rowid is the table's INTEGER PRIMARY KEY",
  },
  DOUBLE_QUOTED_STRING: {
    cause: 'SQLite takes "x" for a string where no column has that name; PostgreSQL always takes it for a name',
    advice: "write strings in single quotes",
    rewritten: "strings stand in single quotes",
  },
  NEGATIVE_LIMIT: {
    cause: "LIMIT -1 means no limit in SQLite and is an error in PostgreSQL",
    advice: "leave LIMIT out; OFFSET may stand alone in PostgreSQL",
    rewritten: "a LIMIT below 0 is no limit",
  },
  DATE_FUNCTION: {
    cause: "the date functions are SQLite's own, and it keeps dates as texts or numbers",
    advice: "use now(), date_trunc(), to_char(), intervals and extract()",
    rewritten: "a date function is PostgreSQL's own, in UTC",
  },
  JSON_FUNCTION: {
    cause: "PostgreSQL's JSON functions have other names, and ->> gives texts where SQLite gives numbers",
    advice: "use ->, ->> and jsonb_… functions, and cast what ->> gives",
    rewritten:
      "JSON functions are PostgreSQL's own; a value out of JSON is jsonb, which a driver gives as its own type",
  },
  GLOB: {
    cause: "PostgreSQL has no GLOB",
    advice: "use a regular expression with ~",
    rewritten: "GLOB is a regular expression",
  },
  REGEXP: {
    cause: "REGEXP calls a function that the application defines",
    advice: "use ~, and compare the two dialects of regular expressions",
    rewritten: null,
  },
  FULL_TEXT_MATCH: {
    cause: "MATCH is a search of SQLite's FTS",
    advice: "use a tsvector column with @@ websearch_to_tsquery()",
    rewritten: null,
  },
  IS_OPERATOR: {
    cause: "IS compares any two values in SQLite; in PostgreSQL only NULL, TRUE and FALSE may follow it",
    advice: "write IS NOT DISTINCT FROM",
    rewritten: "IS is IS NOT DISTINCT FROM",
  },
  SQLITE_FUNCTION: {
    cause: "the function is SQLite's own, or takes other arguments in PostgreSQL",
    advice: "use PostgreSQL's function of the same purpose",
    rewritten: "the function is PostgreSQL's of the same purpose",
  },
  BARE_COLUMN: {
    cause: "SQLite lets columns stand next to GROUP BY that are not in it, and takes any row's value",
    advice: "group by the column, or take min() or max() of it",
    rewritten: null,
  },
  BOOLEAN_NUMBER: {
    cause: "a boolean column is 0 or 1 in SQLite and true or false in PostgreSQL, which does not compare the two",
    advice: "compare with TRUE and FALSE, which both databases know",
    rewritten: "a boolean is compared with true and false",
  },
  NUMBER_AND_TEXT: {
    cause: "SQLite compares numbers with texts; PostgreSQL refuses it",
    advice: "compare values of one type, or cast one of them",
    rewritten: null,
  },
  INTEGER_DIVISION: {
    cause: "a division by zero is NULL in SQLite and an error in PostgreSQL, and 5/2 depends on the types",
    advice: "divide by nullif(x, 0), and cast to double precision where a fraction is wanted",
    rewritten: "numbers are cast so that a division gives what SQLite gives",
  },
  LIKE_CASE: {
    cause: "LIKE does not tell a from A in SQLite, and has no escape unless told; in PostgreSQL it does, and has \\",
    advice: "write ILIKE, or lower() on both sides",
    rewritten: "LIKE compares lower() of both sides, without an escape character",
  },
  COLLATION: {
    cause: "the collations NOCASE and RTRIM are SQLite's own",
    advice: "compare lower(), or create a collation that does not tell case",
    rewritten: "NOCASE compares lower(), RTRIM rtrim()",
  },
  ASCII_CASE: {
    cause: "lower() and upper() know the ASCII letters only in SQLite, and all letters in PostgreSQL",
    advice: 'write lower(x COLLATE "C") where the result must be the same',
    rewritten: 'lower() and upper() have the collation "C"',
  },
  CONCATENATION: {
    cause: "|| makes texts of numbers in SQLite",
    advice: "cast numbers to text before ||",
    rewritten: "|| joins texts: numbers are cast",
  },
  NULL_ORDER: {
    cause: "NULLs come first in SQLite, and last in PostgreSQL",
    advice: "write NULLS FIRST or NULLS LAST, which both databases know",
    rewritten: "ORDER BY says where NULLs come",
  },
  TEXT_ORDER: {
    cause: "SQLite orders texts byte by byte, PostgreSQL by its collation",
    advice: 'write COLLATE "C" in ORDER BY, or let the database\'s order stand',
    rewritten: 'texts are ordered by the collation "C"',
  },
  AGGREGATE: {
    cause: "sum(), avg() and group_concat() give other types or another order in PostgreSQL",
    advice: "cast sums and averages, and say ORDER BY within string_agg()",
    rewritten: "aggregates are cast to SQLite's types",
  },
  PARAMETER: {
    cause: "PostgreSQL has $1 in place of ?, :name, @name and $name, and each parameter has one type",
    advice: "let the driver or the query builder write them",
    rewritten: "parameters are $1, $2 …, each with its type",
  },
  APPLICATION_FUNCTION: {
    cause: "the application defines the function in SQLite, and PostgreSQL does not know it",
    advice: "an ORM that defined it has another way for PostgreSQL; otherwise write it in a migration",
    rewritten: null,
  },
  ROW_ORDER: {
    cause: "without an ORDER BY that tells all rows apart, the order of rows is anyone's",
    advice: "add the primary key to ORDER BY",
    rewritten: null,
  },
  STORED_TYPE: {
    cause: "SQLite stores any value in any column; PostgreSQL converts it or refuses it",
    advice: "store values of the column's type",
    rewritten: null,
  },
} as const satisfies Readonly<Record<string, Construct>>;

/** A construct of the catalogue, by its code. */
export type ConstructCode = keyof typeof CONSTRUCTS;

/** What of the catalogue a statement has, in the catalogue's order. */
export function constructsOf(statement: Statement, tables: QueryTables): ConstructCode[] {
  const found = new Set<ConstructCode>();
  walkStatement(statement, (node, path) => {
    for (const code of codesOf(node, tables)) found.add(code);
    if (path.at(-1) === "count" && path.at(-2) === "limit" && node.kind === "unary") found.add("NEGATIVE_LIMIT");
    if (path.at(-1) === "count" && path.at(-2) === "limit" && node.kind === "parameter") found.add("NEGATIVE_LIMIT");
  });
  return (Object.keys(CONSTRUCTS) as ConstructCode[]).filter((code) => found.has(code));
}

function codesOf(node: AnyNode, tables: QueryTables): readonly ConstructCode[] {
  switch (node.kind) {
    case "select":
      return [...selectCodes(node), ...(node.orderBy.length > 0 ? (["NULL_ORDER", "TEXT_ORDER"] as const) : [])];
    case "insert":
      return [...(node.verb === "REPLACE" || node.or !== null ? (["INSERT_OR"] as const) : []), "STORED_TYPE"];
    case "update":
      return ["STORED_TYPE"];
    case "parameter":
      return ["PARAMETER"];
    case "now":
      return ["DATE_FUNCTION"];
    case "collate":
      return ["COLLATION"];
    case "call":
      return callCodes(node.name.text.toLowerCase());
    case "like":
      return node.operator === "LIKE"
        ? ["LIKE_CASE"]
        : [node.operator === "GLOB" ? "GLOB" : node.operator === "REGEXP" ? "REGEXP" : "FULL_TEXT_MATCH"];
    case "binary":
      return binaryCodes(node, tables);
    case "in":
      return columnCodes(node.value, tables);
    case "column":
      return nameCodes(node, tables);
    default:
      return [];
  }
}

function selectCodes({ body, orderBy }: Extract<Statement, { kind: "select" }>): readonly ConstructCode[] {
  const grouped = body.kind === "core" && body.groupBy.length > 0;
  return [...(grouped ? (["BARE_COLUMN"] as const) : []), ...(orderBy.length === 0 ? (["ROW_ORDER"] as const) : [])];
}

const DATE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...["date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff"],
]);
const AGGREGATE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...["sum", "avg", "total", "group_concat", "string_agg", "min", "max"],
]);
const SAME_FUNCTIONS: ReadonlySet<string> = new Set(["count", "coalesce", "nullif", "abs", "length", "replace"]);

function callCodes(name: string): readonly ConstructCode[] {
  if (DATE_FUNCTIONS.has(name)) return ["DATE_FUNCTION"];
  if (name.startsWith("json")) return ["JSON_FUNCTION"];
  if (AGGREGATE_FUNCTIONS.has(name)) return ["AGGREGATE"];
  if (name === "lower" || name === "upper") return ["ASCII_CASE"];
  return SAME_FUNCTIONS.has(name) ? [] : ["SQLITE_FUNCTION"];
}

function binaryCodes(node: Extract<Expression, { kind: "binary" }>, tables: QueryTables): readonly ConstructCode[] {
  switch (node.operator) {
    case "->":
    case "->>":
      return ["JSON_FUNCTION"];
    case "/":
    case "%":
      return ["INTEGER_DIVISION"];
    case "||":
      return ["CONCATENATION"];
    case "IS":
    case "IS NOT":
      return node.right.kind === "null" ? [] : ["IS_OPERATOR"];
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return [...columnCodes(node.left, tables), ...columnCodes(node.right, tables)];
    default:
      return [];
  }
}

/** What is to be thought of where a column is compared. */
function columnCodes(node: Expression, tables: QueryTables): readonly ConstructCode[] {
  if (node.kind !== "column") return [];
  const columns = columnsNamed(node.name.text, tables);
  return [
    ...(columns.some(({ family }) => family === "boolean") ? (["BOOLEAN_NUMBER"] as const) : []),
    ...(columns.some(({ collation }) => collation !== "BINARY") ? (["COLLATION"] as const) : []),
    "NUMBER_AND_TEXT",
  ];
}

function nameCodes(node: Extract<Expression, { kind: "column" }>, tables: QueryTables): readonly ConstructCode[] {
  const name = node.name.text.toLowerCase();
  if (columnsNamed(name, tables).length > 0) return [];
  if (["rowid", "oid", "_rowid_"].includes(name)) return ["ROWID"];
  return node.name.quote === '"' && node.table === null ? ["DOUBLE_QUOTED_STRING"] : [];
}

function columnsNamed(name: string, tables: QueryTables) {
  return [...tables.values()].flatMap(({ columns }) =>
    columns.filter(({ source }) => source.toLowerCase() === name.toLowerCase()),
  );
}
