import type { Expression, Statement } from "./ast.ts";
import { type Automaton, automaton } from "./automaton.ts";
import { SqlSyntaxError } from "./syntax-error.ts";
import { type Token, tokensOf } from "./tokens.ts";

/**
 * The statements of a text, as SQLite would take them one after another. Throws SqlSyntaxError where it would refuse
 * one.
 */
export function parseStatements(sql: string): Statement[] {
  const tokens = tokensOf(sql);
  const statements: Statement[] = [];
  for (let next = 0; next < tokens.length; ) {
    if (tokens[next]?.name === "SEMI") {
      next += 1;
      continue;
    }
    const { value, after } = run(sql, tokens, next);
    statements.push(value as Statement);
    next = after;
  }
  return statements;
}

/** The only statement of a text. Throws SqlSyntaxError if it is none, or more than one. */
export function parseStatement(sql: string): Statement {
  const [statement, another] = parseStatements(sql);
  if (statement === undefined) throw new SqlSyntaxError("", sql.length);
  if (another !== undefined) throw new SqlSyntaxError(";", another.start);
  return statement;
}

/** An expression by itself: of a CHECK, an index, a default. Throws SqlSyntaxError if it is none. */
export function parseExpression(sql: string): Expression {
  const first = { name: "EXPRESSION", text: "", start: 0, end: 0 };
  const tokens = [first, ...tokensOf(sql)];
  const { value, after } = run(sql, tokens, 0);
  if (after < tokens.length) throw new SqlSyntaxError(";", tokens[after]?.start ?? sql.length);
  return value as Expression;
}

/** Shifts and reduces from the token `first` up to the end of a statement, by the tables of the grammar. */
function run(
  sql: string,
  tokens: readonly Token[],
  first: number,
): { readonly value: unknown; readonly after: number } {
  const { actionOf, reduce } = automaton();
  const stack: Stack = { states: [0], values: [null], starts: [0], ends: [0] };
  for (let next = first; ; ) {
    // SQLite ends a text with a semicolon, once.
    const name = next > tokens.length ? "$" : "SEMI";
    const token = tokens[next] ?? { name, text: "", start: sql.length, end: sql.length };
    const action = actionOf(stack.states.at(-1) ?? 0, token.name);
    if (action.kind === "shift") {
      push(stack, action.state, token, token.start, token.end);
      next += 1;
    } else if (action.kind === "reduce") {
      const value = reduceBy(stack, action.rule, sql, reduce);
      if (value !== undefined) return { value: value.whole, after: next };
    } else {
      throw new SqlSyntaxError(token.text, token.start);
    }
  }
}

interface Stack {
  readonly states: number[];
  readonly values: unknown[];
  /** Offsets of what each symbol stands for; -1 for one that stands for nothing. */
  readonly starts: number[];
  readonly ends: number[];
}

function push(stack: Stack, state: number, value: unknown, start: number, end: number): void {
  stack.states.push(state);
  stack.values.push(value);
  stack.starts.push(start);
  stack.ends.push(end);
}

/** Replaces the symbols of a rule by what they make; gives it back if that is the whole. */
function reduceBy(
  stack: Stack,
  rule: number,
  sql: string,
  reduce: Automaton["reduce"],
): { readonly whole: unknown } | undefined {
  const { left, length, work } = reduce(rule);
  const base = stack.states.length - length;
  let start = -1;
  let end = -1;
  for (let index = base; index < stack.states.length; index++) {
    if (stack.starts[index] === -1) continue;
    if (start === -1) start = stack.starts[index] ?? -1;
    end = stack.ends[index] ?? -1;
  }
  const value = work === null ? stack.values[base] : work(stack.values, base, { start, end }, sql);
  for (const list of [stack.states, stack.values, stack.starts, stack.ends]) list.length = base;
  const state = left(stack.states.at(-1) ?? 0);
  if (state === null) return { whole: value };
  push(stack, state, value, start, end);
  return undefined;
}

/** The same SQL with one space between its tokens: texts that differ in their layout only become equal. */
export function spaced(sql: string): string {
  return tokensOf(sql)
    .map(({ text }) => text)
    .join(" ");
}
