import { closing, isWord, type SqliteToken, splitAtCommas, sqliteTokens } from "./sqlite-tokens.ts";

/** What a CREATE INDEX text says that no pragma does. */
export interface CreateIndexText {
  /** The text of each term, without its COLLATE and direction. */
  readonly terms: readonly string[];
  readonly where: string | null;
}

export function parseCreateIndex(sql: string): CreateIndexText {
  const tokens = sqliteTokens(sql);
  const open = tokens.findIndex((token) => token.text === "(" && token.kind === "symbol");
  if (open === -1) return { terms: [], where: null };
  const close = closing(tokens, open);
  const where = tokens.findIndex((token, index) => index > close && isWord(token, "WHERE"));
  return {
    terms: splitAtCommas(tokens.slice(open + 1, close), 1).map((term) => termText(sql, term)),
    where: where === -1 ? null : sql.slice(tokens[where]?.end).replace(/;\s*$/, "").trim(),
  };
}

function termText(sql: string, term: readonly SqliteToken[]): string {
  let end = term.length;
  if (end > 1 && isWord(term[end - 1], "ASC", "DESC")) end -= 1;
  if (end > 2 && isWord(term[end - 2], "COLLATE") && term[end - 2]?.depth === term[0]?.depth) end -= 2;
  return sql.slice(term[0]?.start ?? 0, term[end - 1]?.end ?? 0);
}
