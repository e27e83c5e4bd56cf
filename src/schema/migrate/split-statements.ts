/** Splits a SQL text into its statements, each with the comments before it. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let from = 0;
  for (const token of tokens(sql)) {
    if (token.kind !== "end" || isWithinBody(sql.slice(from, token.at))) continue;
    statements.push(sql.slice(from, token.at).trim());
    from = token.at + 1;
  }
  statements.push(sql.slice(from).trim());
  return statements.filter((statement) => bare(statement) !== "");
}

/** `CREATE FUNCTION … BEGIN ATOMIC a; b; END` is one statement. */
function isWithinBody(text: string): boolean {
  if (!/\batomic\b/i.test(text)) return false;
  const words = bare(text);
  const [opened, closed] = [words.match(/\b(begin atomic|case)\b/g), words.match(/\bend\b/g)];
  return (opened?.length ?? 0) > (closed?.length ?? 0);
}

/** A statement in lower case without comments, strings and quoted names, with single spaces: for finding keywords. */
export function bare(sql: string): string {
  let text = "";
  let from = 0;
  for (const token of tokens(sql)) {
    if (token.kind === "end") continue;
    text += `${sql.slice(from, token.at)} `;
    from = token.until;
  }
  return `${text}${sql.slice(from)}`.replace(/\s+/g, " ").trim().toLowerCase();
}

type Token =
  | { readonly kind: "end"; readonly at: number }
  | { readonly kind: "skip"; readonly at: number; readonly until: number };

const OPENING = /--|\/\*|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|'|"|;/g;

/** Semicolons that end a statement, and ranges that contain no keywords. */
function* tokens(sql: string): Generator<Token> {
  const opening = new RegExp(OPENING);
  for (;;) {
    const match = opening.exec(sql);
    if (match === null) return;
    const [mark] = match;
    const at = match.index;
    if (mark === ";") {
      yield { kind: "end", at };
      continue;
    }
    // `a$1$` is a name, not a quote.
    if (mark.startsWith("$") && /[\w$\u0080-\uffff]/.test(sql[at - 1] ?? "")) continue;
    const until = endOf(sql, mark, at);
    yield { kind: "skip", at, until };
    opening.lastIndex = until;
  }
}

function endOf(sql: string, mark: string, at: number): number {
  const after = at + mark.length;
  if (mark === "--") return to(sql, "\n", after);
  if (mark === "/*") return endOfComment(sql, after);
  if (mark.startsWith("$")) return to(sql, mark, after);
  const escapes = mark === "'" && /(^|[^\w$])e$/i.test(sql.slice(Math.max(0, at - 2), at));
  for (let position = after; position < sql.length; position++) {
    if (escapes && sql[position] === "\\") position++;
    else if (sql[position] === mark) {
      if (sql[position + 1] !== mark) return position + 1;
      position++;
    }
  }
  return sql.length;
}

function to(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found < 0 ? sql.length : found + mark.length;
}

/** PostgreSQL's comments nest. */
function endOfComment(sql: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 1;
  for (let match = marks.exec(sql); match !== null; match = marks.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
