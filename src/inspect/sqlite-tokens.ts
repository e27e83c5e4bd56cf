/**
 * SQLite's SQL as tokens: enough to find clauses in a CREATE statement that pragmas are
 * silent about. It never fails: what is no SQL becomes symbols.
 */
export interface SqliteToken {
  readonly kind: "word" | "name" | "string" | "number" | "symbol";
  /** As written. */
  readonly text: string;
  /** What a name or string stands for, without its quotes; of a word, the word in upper case. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Parentheses open before this token; an opening and its closing one have the same depth. */
  readonly depth: number;
}

const PATTERN = new RegExp(
  [
    /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/u,
    /(?<string>'(?:[^']|'')*'?)/u,
    /(?<name>"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?)/u,
    /(?<blob>[xX]'[^']*'?)/u,
    /(?<number>0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)/u,
    /(?<word>[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*)/u,
    /(?<symbol>->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[\s\S])/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "uy",
);

export function sqliteTokens(sql: string): SqliteToken[] {
  const tokens: SqliteToken[] = [];
  let depth = 0;
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(sql); match !== null; match = PATTERN.exec(sql)) {
    const groups = match.groups ?? {};
    if (groups["space"] !== undefined) continue;
    const text = match[0];
    const start = match.index;
    if (text === ")") depth = Math.max(0, depth - 1);
    tokens.push({ ...read(text, groups), text, start, end: start + text.length, depth });
    if (text === "(") depth += 1;
  }
  return tokens;
}

function read(text: string, groups: Readonly<Record<string, string | undefined>>): Pick<SqliteToken, "kind" | "value"> {
  if (groups["string"] !== undefined) return { kind: "string", value: unquote(text) };
  if (groups["name"] !== undefined) return { kind: "name", value: unquote(text) };
  if (groups["blob"] !== undefined) return { kind: "string", value: text };
  if (groups["number"] !== undefined) return { kind: "number", value: text };
  if (groups["word"] !== undefined) return { kind: "word", value: text.toUpperCase() };
  return { kind: "symbol", value: text };
}

function unquote(text: string): string {
  const quote = text.charAt(0);
  const inner = text.slice(1, text.length > 1 && text.endsWith(quote === "[" ? "]" : quote) ? -1 : undefined);
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}

/** The identifier that a token stands for: SQLite takes strings for names, too. Null if it is none. */
export function identifierOf(token: SqliteToken | undefined): string | null {
  if (token === undefined) return null;
  if (token.kind === "word") return token.text;
  return token.kind === "name" || token.kind === "string" ? token.value : null;
}

/** Index of the parenthesis that closes the one at `open`; the last token if it never is. */
export function closing(tokens: readonly SqliteToken[], open: number): number {
  const depth = tokens[open]?.depth ?? 0;
  const found = tokens.findIndex(
    (token, index) => index > open && token.text === ")" && token.kind === "symbol" && token.depth === depth,
  );
  return found === -1 ? tokens.length - 1 : found;
}

/** The text inside the parentheses that open at `open`. */
export function textInside(sql: string, tokens: readonly SqliteToken[], open: number): string {
  return sql.slice(tokens[open]?.end ?? 0, tokens[closing(tokens, open)]?.start ?? sql.length).trim();
}

/** Token lists between the commas of one depth. */
export function splitAtCommas(tokens: readonly SqliteToken[], depth: number): SqliteToken[][] {
  const parts: SqliteToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "symbol" && token.text === "," && token.depth === depth) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

export function isWord(token: SqliteToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.value);
}
