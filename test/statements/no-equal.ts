import type { QueryVerdict } from "../../src/index.ts";

interface NoEqual {
  readonly why: string;
  readonly reason: RegExp;
  readonly statement?: RegExp;
}

/** Why no text of PostgreSQL's can give the same as a statement. What might have one is not among these. */
const CLASSES: readonly NoEqual[] = [
  { why: "it calls a function that the application defines in its own language", reason: /^the application defines/ },
  {
    why: "it calls a function that the application defines in its own language",
    reason: /REGEXP that the application defines/,
  },
  {
    why: "a subquery in place of a value gives several rows, and SQLite takes the first that its plan meets",
    reason: /subquery that may give more than one row/,
  },
  {
    why: "LIMIT without ORDER BY within a query takes whichever rows the plan meets first",
    reason: /limits rows without an order/,
  },
  { why: "it has several ON CONFLICT clauses, and PostgreSQL takes one", reason: /several ON CONFLICT/ },
  {
    why: "it reads or writes SQLite's own binary JSON in a column of bytes",
    reason: /jsonb\(\)|neither text nor JSON/,
    statement: /jsonb?\(/i,
  },
  { why: "it gives random bytes: there is nothing to compare", reason: /randomblob\(\)/ },
  { why: "it stores NULL in a primary key", reason: /null value in column "id" .*not-null constraint/ },
  {
    why: "it compares the spelling of JSON, which jsonb does not keep",
    reason: /compares values of different types/,
    statement: /^select `name` from `cities` where `descriptions` (=|!=) \?$/,
  },
  { why: "it calls a function that libSQL has and SQLite has not", reason: /calls cot\(\)/ },
];

/** Null where an equal may exist that the translator does not know. */
export function whyNoEqual({ reason, statement }: Pick<QueryVerdict, "reason" | "statement">): string | null {
  const found = CLASSES.find(
    (known) => known.reason.test(reason ?? "") && (known.statement === undefined || known.statement.test(statement)),
  );
  return found?.why ?? null;
}
