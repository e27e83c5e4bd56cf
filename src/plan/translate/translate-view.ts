import { parseStatement } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import type { Relation } from "./relation.ts";
import { type QueryOutput, translateSelect } from "./translate-select.ts";
import { Untranslatable } from "./typed-sql.ts";

export type ViewTranslation =
  | { readonly query: string; readonly outputs: readonly QueryOutput[]; readonly reason: null }
  | { readonly query: null; readonly outputs: readonly []; readonly reason: string };

/**
 * The query of a view, if all of it is known to mean the same in PostgreSQL. `relations` go by name in lower case.
 * `width`: how many columns SQLite says that it has; null where SQLite was not asked.
 */
export function translateView(
  sql: string,
  width: number | null,
  relations: ReadonlyMap<string, Relation>,
): ViewTranslation {
  try {
    const statement = parseStatement(sql);
    if (statement.kind !== "createView") throw new Untranslatable("it has no query");
    const { query, outputs } = translateSelect(statement.select, { relations, outer: null, found: [] });
    if (width !== null && outputs.length !== width) throw new Untranslatable("the number of its columns is not clear");
    return { query, outputs, reason: null };
  } catch (error) {
    if (error instanceof Untranslatable) return { query: null, outputs: [], reason: error.message };
    if (error instanceof SqlSyntaxError)
      return { query: null, outputs: [], reason: "the parser does not know this SQL" };
    throw error;
  }
}
