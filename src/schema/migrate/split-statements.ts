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

/** Where each statement begins, behind the comments before it; null for texts whose statements are not told apart. */
export function statementStarts(sql: string): number[] | null {
  // The commands of a rule are divided by semicolons, too.
  if (/\bcreate (or replace )?rule\b/.test(bare(sql))) return null;
  const starts: number[] = [];
  let from = 0;
  for (const statement of splitStatements(sql)) {
    const at = sql.indexOf(statement, from);
    starts.push(at + firstWord(statement));
    from = at + statement.length;
  }
  return starts;
}

function firstWord(statement: string): number {
  const comment = /^(?:--|\/\*)/;
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(statement.slice(at))?.[0].length ?? 0;
    const [opening] = comment.exec(statement.slice(at)) ?? [];
    if (opening === undefined) return at;
    at = endOf(statement, opening, at);
  }
}

/** `CREATE FUNCTION … BEGIN ATOMIC a; b; END` is one statement. */
function isWithinBody(text: string): boolean {
  if (!/\batomic\b/i.test(text)) return false;
  const keywords = bare(text);
  const [opened, closed] = [keywords.match(/\b(begin atomic|case)\b/g), keywords.match(/\bend\b/g)];
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
  const pattern = new RegExp(OPENING);
  for (;;) {
    const match = pattern.exec(sql);
    if (match === null) return;
    const [opening] = match;
    const at = match.index;
    if (opening === ";") {
      yield { kind: "end", at };
      continue;
    }
    // `a$1$` is a name, not a quote.
    if (opening.startsWith("$") && /[\w$\u0080-\uffff]/.test(sql[at - 1] ?? "")) continue;
    const until = endOf(sql, opening, at);
    yield { kind: "skip", at, until };
    pattern.lastIndex = until;
  }
}

function endOf(sql: string, opening: string, at: number): number {
  const after = at + opening.length;
  if (opening === "--") return to(sql, "\n", after);
  if (opening === "/*") return endOfComment(sql, after);
  if (opening.startsWith("$")) return to(sql, opening, after);
  const escapes = opening === "'" && /(^|[^\w$])e$/i.test(sql.slice(Math.max(0, at - 2), at));
  for (let position = after; position < sql.length; position++) {
    if (escapes && sql[position] === "\\") position++;
    else if (sql[position] === opening) {
      if (sql[position + 1] !== opening) return position + 1;
      position++;
    }
  }
  return sql.length;
}

function to(sql: string, opening: string, from: number): number {
  const found = sql.indexOf(opening, from);
  return found < 0 ? sql.length : found + opening.length;
}

/** PostgreSQL's comments nest. */
function endOfComment(sql: string, from: number): number {
  const delimiters = /\/\*|\*\//g;
  delimiters.lastIndex = from;
  let depth = 1;
  for (let match = delimiters.exec(sql); match !== null; match = delimiters.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return delimiters.lastIndex;
  }
  return sql.length;
}
