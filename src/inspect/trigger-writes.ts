import { identifierOf, isWord, sqliteTokens } from "./sqlite-tokens.ts";

/** What a trigger does: the tables that it writes to, and whether it may refuse a row. */
export interface TriggerEffects {
  readonly writes: readonly string[];
  readonly raises: boolean;
}

export function triggerEffects(sql: string): TriggerEffects {
  const tokens = sqliteTokens(sql);
  const start = tokens.findIndex((token) => isWord(token, "BEGIN"));
  const body = tokens.slice(start + 1);
  const writes = new Set<string>();
  for (const [index, token] of body.entries()) {
    if (token.depth > 0 || !isWord(token, "INTO", "UPDATE", "FROM")) continue;
    if (isWord(token, "FROM") && !isWord(body[index - 1], "DELETE")) continue;
    // UPDATE OR REPLACE t; but ON CONFLICT DO UPDATE names no table.
    const named = isWord(token, "UPDATE") && isWord(body[index + 1], "OR") ? index + 3 : index + 1;
    if (isWord(token, "UPDATE") && isWord(body[index - 1], "DO")) continue;
    const name = identifierOf(body[named]);
    if (name !== null) writes.add(name);
  }
  return { writes: [...writes], raises: body.some((token) => isWord(token, "RAISE")) };
}
