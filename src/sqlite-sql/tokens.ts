import { KEYWORDS } from "./keywords.ts";
import { SqlSyntaxError } from "./syntax-error.ts";
import { FALLBACK } from "./tables.ts";

export interface Token {
  /** As the grammar calls it. */
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The tokens of SQL, exactly as SQLite cuts it; throws where SQLite knows no token. A NUL ends the text. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const end = sql.includes("\0") ? sql.indexOf("\0") : sql.length;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < end) {
    const start = PATTERN.lastIndex;
    const match = PATTERN.exec(sql);
    const text = match?.[0] ?? "";
    const name = match === null ? null : nameOf(text, match.groups ?? {});
    if (name === null) throw new SqlSyntaxError(text === "" ? sql.charAt(start) : text, start);
    if (name !== "SPACE") tokens.push({ name, text, start, end: start + text.length });
  }
  return tokens.map((token, index) => (CONTEXTUAL.has(token.name) ? inContext(tokens, index) : token));
}

// A vertical tab is space behind other space only. Letters are those of ASCII, and all that is not ASCII.
const PATTERN = new RegExp(
  [
    String.raw`(?<space>[ \t\n\f\r][ \t\n\v\f\r]*|\ufeff|--[^\n]*|/\*(?=[\s\S])[\s\S]*?(?:\*/|$))`,
    String.raw`(?<string>'(?:[^']|'')*')`,
    String.raw`(?<id>"(?:[^"]|"")*"|${"`"}(?:[^${"`"}]|${"`"}${"`"})*${"`"}|\[[^\]]*\])`,
    String.raw`(?<blob>[xX]'(?:[0-9a-fA-F]{2})*')`,
    String.raw`(?<hex>0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*)`,
    String.raw`(?<number>(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?)` +
      String.raw`(?![\w$\u0080-\uffff])`,
    String.raw`(?<variable>\?\d*|[$@#:](?:::)*[\w$\u0080-\uffff](?:[\w$\u0080-\uffff]|::)*(?:\([^)\s\0]*\))?)`,
    String.raw`(?<word>(?![xX]')[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
    String.raw`(?<sign>->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[-+*/%=<>|&~.,;()])`,
  ].join("|"),
  "y",
);

const SIGNS: Readonly<Record<string, string>> = {
  "->>": "PTR",
  "->": "PTR",
  "||": "CONCAT",
  "<<": "LSHIFT",
  ">>": "RSHIFT",
  "<=": "LE",
  ">=": "GE",
  "<>": "NE",
  "!=": "NE",
  "==": "EQ",
  "=": "EQ",
  "-": "MINUS",
  "+": "PLUS",
  "*": "STAR",
  "/": "SLASH",
  "%": "REM",
  "<": "LT",
  ">": "GT",
  "|": "BITOR",
  "&": "BITAND",
  "~": "BITNOT",
  ".": "DOT",
  ",": "COMMA",
  ";": "SEMI",
  "(": "LP",
  ")": "RP",
};

function nameOf(text: string, groups: Readonly<Record<string, string | undefined>>): string | null {
  if (groups["space"] !== undefined) return "SPACE";
  if (groups["word"] !== undefined) return KEYWORDS.get(text.toUpperCase()) ?? "ID";
  if (groups["sign"] !== undefined) return SIGNS[text] ?? null;
  if (groups["string"] !== undefined) return "STRING";
  if (groups["id"] !== undefined) return "ID";
  if (groups["blob"] !== undefined) return "BLOB";
  if (groups["hex"] !== undefined) return text.includes("_") ? "QNUMBER" : "INTEGER";
  if (groups["number"] !== undefined) return text.includes("_") ? "QNUMBER" : /^\d+$/.test(text) ? "INTEGER" : "FLOAT";
  return groups["variable"] === undefined ? null : "VARIABLE";
}

/** Words that are keywords between certain others only, and names everywhere else. */
const CONTEXTUAL: ReadonlySet<string> = new Set(["WINDOW", "OVER", "FILTER", "WITHIN"]);

function inContext(tokens: readonly Token[], index: number): Token {
  const token = tokens[index] as Token;
  const [before, next, second] = [tokens[index - 1], tokens[index + 1], tokens[index + 2]];
  const isKeyword =
    token.name === "WINDOW"
      ? isNameLike(next) && second?.name === "AS"
      : token.name === "WITHIN"
        ? before?.name === "RP" && next?.name === "GROUP" && second?.name === "LP"
        : before?.name === "RP" && (next?.name === "LP" || (token.name === "OVER" && isNameLike(next)));
  return isKeyword ? token : { ...token, name: "ID" };
}

function isNameLike(token: Token | undefined): boolean {
  if (token === undefined) return false;
  const { name } = token;
  return name === "ID" || name === "STRING" || name === "JOIN_KW" || CONTEXTUAL.has(name) || FALLBACK.has(name);
}
