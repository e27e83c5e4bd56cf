import { identifierOf, sqliteTokens } from "../inspect/sqlite-tokens.ts";

/** Names that SQLite rewrote in the texts of other objects, in lower case: from → to. */
export type RenamedNames = ReadonlyMap<string, string>;

/**
 * SQL without what SQLite itself changes when something is renamed: quotes, spaces, case of words, the old name.
 * A string stays as it is: 'a' and 'A' are two values.
 */
export function normalSql(sql: string | null, renamed: RenamedNames): string {
  if (sql === null) return "";
  return sqliteTokens(sql)
    .map((token) => {
      if (token.kind === "string" || token.kind === "number" || token.kind === "symbol") return token.text;
      const name = (identifierOf(token) ?? token.text).toLowerCase();
      return renamed.get(name) ?? name;
    })
    .join(" ");
}

export function isSameSql(was: string | null, is: string | null, renamed: RenamedNames): boolean {
  return normalSql(was, renamed) === normalSql(is, new Map());
}
