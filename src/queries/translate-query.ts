import type { QueryPlace } from "../plan/translate/query-scope.ts";
import type { Relation } from "../plan/translate/relation.ts";
import { type QueryOutput, translateSelect } from "../plan/translate/translate-select.ts";
import { Untranslatable } from "../plan/translate/typed-sql.ts";
import type { Statement } from "../sqlite-sql/ast.ts";
import { parseStatement } from "../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../sqlite-sql/syntax-error.ts";
import { CONSTRUCTS, type ConstructCode, constructsOf } from "./constructs.ts";
import { driverTask } from "./driver-task.ts";
import { type ParameterClass, Parameters, type QueryParameter } from "./parameters.ts";
import type { QueryTables } from "./query-tables.ts";
import type { TranslatedWrite, WritePlace } from "./statement-place.ts";
import { translateDelete, translateUpdate } from "./translate-change.ts";
import { translateInsert } from "./translate-insert.ts";

/** What becomes of a statement of the application in PostgreSQL. */
export type QueryTranslation =
  | {
      readonly kind: "translated";
      readonly sql: string;
      /** What the statement has that PostgreSQL does otherwise, and how it is said there. */
      readonly changes: readonly QueryChange[];
      readonly parameters: readonly QueryParameter[];
      /** The table that it writes to, as the source spells it; null if it only reads. */
      readonly writes: string | null;
      readonly outputs: readonly QueryOutput[];
    }
  /** There is no sure translation. */
  | { readonly kind: "refused"; readonly reason: string }
  /** A transaction, a PRAGMA and the like: PostgreSQL's driver has another way for it. */
  | { readonly kind: "driver"; readonly reason: string };

/** One thing that a translation changed. */
export interface QueryChange {
  /** The construct in the catalogue. */
  readonly code: ConstructCode;
  /** Why it was changed. */
  readonly reason: string;
}

/** What is known of a statement besides its text. */
export interface TranslateQueryOptions {
  /** What the application binds, by position: settles parameters that stand where any type may. */
  readonly parameters?: readonly (ParameterClass | undefined)[];
}

/**
 * A statement of SQLite's as one of PostgreSQL's with the same result, or why there is no sure one. `tables` come from
 * `migration.queryTables()`: what a column is on both sides decides what an operator means.
 */
export function translateQuery(
  sql: string,
  tables: QueryTables,
  options: TranslateQueryOptions = {},
): QueryTranslation {
  try {
    const statement = parseStatement(sql);
    const reason = driverTask(statement);
    if (reason !== null) return { kind: "driver", reason };
    return translated(statement, tables, options);
  } catch (error) {
    if (error instanceof SqlSyntaxError)
      return { kind: "refused", reason: "SQLite does not take it for one statement" };
    if (error instanceof Untranslatable) return { kind: "refused", reason: error.message };
    throw error;
  }
}

function translated(statement: Statement, tables: QueryTables, options: TranslateQueryOptions): QueryTranslation {
  const parameters = new Parameters(statement, options.parameters);
  const place = placeOf(tables, parameters);
  let result = translateStatement(statement, place);
  // A second time, so that each place of a parameter has its type.
  parameters.settleRest();
  result = translateStatement(statement, place);
  const list = parameters.list();
  if (list.some(({ position }, index) => position !== index + 1))
    throw new Untranslatable("it leaves out numbers of parameters");
  const changes = constructsOf(statement, tables)
    .filter((code) => CONSTRUCTS[code].rewritten !== null)
    .map((code) => ({ code, reason: CONSTRUCTS[code].rewritten ?? "" }));
  return { kind: "translated", ...result, changes, parameters: list };
}

function placeOf(tables: QueryTables, parameters: Parameters): WritePlace {
  const relations = new Map<string, Relation>([...tables].map(([name, { relation }]) => [name, relation]));
  const statement: QueryPlace["statement"] = { parameter: parameters.of, now: true };
  return { tables, relations, outer: null, found: [], statement };
}

interface TranslatedStatement extends Omit<TranslatedWrite, "writes"> {
  readonly writes: string | null;
}

function translateStatement(statement: Statement, place: WritePlace): TranslatedStatement {
  switch (statement.kind) {
    case "select": {
      const { outputs, query } = translateSelect(statement, { ...place, takesAny: true });
      return { sql: query, outputs, writes: null };
    }
    case "insert":
      return translateInsert(statement, place);
    case "update":
      return translateUpdate(statement, place);
    case "delete":
      return translateDelete(statement, place);
    default:
      throw new Untranslatable("it changes the schema: that is the business of migration files");
  }
}
