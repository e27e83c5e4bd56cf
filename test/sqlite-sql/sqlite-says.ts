import Database from "libsql";

export type Verdict = "accepted" | "refused" | "unknown";

/**
 * Whether SQLite's own parser takes a statement, asked by preparing it. Some errors of meaning end the parsing before
 * it is through: then it is unknown whether the rest would have been taken.
 */
export function sqliteParser(): (sql: string) => Verdict {
  const database = new Database(":memory:");
  database.exec("CREATE TABLE t (a, b, x1); CREATE TABLE u (a, b); CREATE VIEW b AS SELECT 1 AS a;");
  return (sql) => {
    try {
      database.prepare(sql);
      return "accepted";
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Relics in lists of columns, which SQLite reads in the schemas of old databases.
      if (message.startsWith("syntax error after column name")) return "unknown";
      if (SYNTAX.test(message)) return "refused";
      // These look for their table before they are read whole.
      if (/\b(ALTER|TRIGGER)\b/i.test(sql)) return "unknown";
      return AFTERWARDS.test(message) ? "accepted" : "unknown";
    }
  };
}

const SYNTAX = new RegExp(
  "syntax error|unrecognized token|incomplete input|unknown table option|unknown join type|should come after|" +
    "a JOIN clause is required|variable number must be",
);

/** Found when the statement is read whole. */
const AFTERWARDS = new RegExp(
  "^(no such (table|column|function|collation|savepoint|module|view|index)|wrong number of arguments|misuse of|" +
    'no tables specified|row value misused|sub-select returns|SELECTs to the left|near "[^"]*": no such)',
);
