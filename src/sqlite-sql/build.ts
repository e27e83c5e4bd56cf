import type {
  BinaryOperator,
  ColumnConstraint,
  ColumnDefinition,
  Compound,
  ConflictAction,
  CreateTable,
  CreateTrigger,
  Expression,
  From,
  FunctionCall,
  Join,
  Limit,
  Name,
  OrderTerm,
  QualifiedName,
  Quote,
  ResultColumn,
  Select,
  SelectBody,
  SelectCore,
  Span,
  Statement,
  TableOption,
  TypeName,
  Upsert,
  Values,
  Window,
} from "./ast.ts";
import { SqlSyntaxError } from "./syntax-error.ts";
import type { Token } from "./tokens.ts";

/** What the grammar's rules put together. Parts of nodes have types of their own here. */
export type Parsed = Statement | Expression;
export type BeginMode = Extract<Statement, { kind: "begin" }>["mode"];
export type CreateTableHead = Omit<CreateTable, "content">;
export type TriggerHead = Omit<CreateTrigger, "steps">;
export type TriggerEvent = Pick<CreateTrigger, "event" | "columns">;
export type ColumnHead = Pick<ColumnDefinition, "name" | "type"> & Span;
export type JoinKind = Pick<Join, "type" | "natural">;
export type JoinPrefix = { readonly left: From; readonly join: JoinKind };
export type OnUsing = Pick<Join, "on" | "using"> & Span;
export type WhereReturning = { readonly where: Expression | null; readonly returning: ResultColumn[] | null };
export type UpsertReturning = { readonly upserts: readonly Upsert[]; readonly returning: ResultColumn[] | null };
export type InsertVerb = { readonly verb: "INSERT" | "REPLACE"; readonly or: ConflictAction | null };
export type LikeOperator = { readonly operator: "LIKE" | "GLOB" | "REGEXP" | "MATCH"; readonly not: boolean };
export type FilterOver = { readonly filter?: Expression; readonly over?: Name | Window };

/** A list with one more: the same list, which only its own rule holds. */
export function append<T>(list: T[], item: T): T[] {
  list.push(item);
  return list;
}

/** The word or sign that a token is. */
export function word<T extends string>({ text }: Token): T {
  return text.toUpperCase() as T;
}

export function spanOf(first: Span, ...others: readonly (Span | null)[]): Span {
  return { start: first.start, end: others.reduce((end, other) => Math.max(end, other?.end ?? 0), first.end) };
}

export function unquoted(text: string): string {
  const quote = text.charAt(0);
  const inner = text.slice(1, -1);
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}

export function nameOf({ text, start, end }: Token): Name {
  const first = text.charAt(0);
  const quote = first === '"' || first === "`" || first === "[" || first === "'" ? (first satisfies Quote) : null;
  return { text: quote === null ? text : unquoted(text), quote, start, end };
}

export function qualified(first: Name, second: Name | null): QualifiedName {
  return second === null
    ? { ...spanOf(first), schema: null, name: first }
    : { ...spanOf(first, second), schema: first, name: second };
}

export function columnOf({ start, end }: Span, schema: Name | null, table: Name | null, name: Name): Expression {
  return { kind: "column", start, end, schema, table, name };
}

export function binary(at: Span, operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: "binary", ...at, operator, left, right };
}

export function operator({ text }: Token): BinaryOperator {
  return text === "==" ? "=" : text === "!=" ? "<>" : (text as BinaryOperator);
}

/** SQLite has as many parameters as its limit, whose default is this. */
const MAX_PARAMETERS = 32_766;

export function parameter(at: Span, { text, start }: Token): Expression {
  const number = /^\?(\d+)$/.exec(text);
  const fits = number === null || (Number(number[1]) >= 1 && Number(number[1]) <= MAX_PARAMETERS);
  if (!fits || /^#\d/.test(text)) throw new SqlSyntaxError(text, start);
  return { kind: "parameter", ...at, text };
}

export function signedConstant(sign: Token, value: Expression): Expression {
  return { kind: "unary", start: sign.start, end: value.end, operator: word(sign), operand: value };
}

export function call(at: Span, name: Token, parts: Pick<FunctionCall, "args"> & Partial<FunctionCall>): Expression {
  const none = { distinct: null, orderBy: [], within: null, filter: null, over: null };
  return { kind: "call", ...at, name: nameOf(name), ...none, ...parts };
}

export function typeName(at: Span, text: string, words: Span, sizes: readonly string[]): TypeName {
  return { ...at, words: text.slice(words.start, words.end), sizes };
}

/** The words GENERATED ALWAYS are part of a column's type, until SQLite takes them away again. */
export function declaredType(type: TypeName | null): TypeName | null {
  if (type === null || type.sizes.length > 0) return type;
  const words = type.words.replace(/(^|\s+)generated\s+always$/i, "");
  return words === "" ? null : { ...type, words, end: type.end - (type.words.length - words.length) };
}

export function columnDefinition(
  { name, type, ...at }: ColumnHead,
  constraints: readonly ColumnConstraint[],
): ColumnDefinition {
  return { ...spanOf(at, constraints.at(-1) ?? null), name, type, constraints };
}

export function storageOf(token: Token): Name {
  if (!/^(stored|virtual)$/i.test(token.text)) throw new SqlSyntaxError(token.text, token.start);
  return nameOf(token);
}

export function tableOption(first: string, { text, start }: Name): TableOption {
  const option = `${first} ${text.toUpperCase()}`.trim();
  if (option !== "WITHOUT ROWID" && option !== "RANDOM ROWID" && option !== "STRICT")
    throw new SqlSyntaxError(text, start);
  return option;
}

export function selectOf(
  at: Span,
  core: Omit<SelectCore, "kind" | "start" | "end">,
  orderBy: readonly OrderTerm[],
  limit: Limit | null,
): Select {
  return { kind: "select", ...at, with: null, body: { kind: "core", ...at, ...core }, orderBy, limit };
}

export function valuesOf(at: Span, rows: readonly (readonly Expression[])[]): Select {
  return { kind: "select", ...at, with: null, body: { kind: "values", ...at, rows }, orderBy: [], limit: null };
}

/** ORDER BY and LIMIT belong to the whole: SQLite refuses them before UNION. */
export function compound(at: Span, left: Select, operator: Compound["operator"], right: Select): Select {
  if (left.orderBy.length > 0 || left.limit !== null) throw new SqlSyntaxError(operator, left.end);
  const body: SelectBody = {
    kind: "compound",
    ...at,
    operator,
    left: left.body,
    right: right.body as SelectCore | Values,
  };
  return { kind: "select", ...at, with: null, body, orderBy: right.orderBy, limit: right.limit };
}

export const COMMA_JOIN: JoinKind = { type: "comma", natural: false };
export const INNER_JOIN: JoinKind = { type: "inner", natural: false };

const [INNER, CROSS, NATURAL, LEFT, RIGHT, OUTER] = [1, 2, 4, 8, 16, 32];
const JOIN_WORDS: Readonly<Record<string, number>> = {
  NATURAL,
  LEFT: LEFT | OUTER,
  OUTER,
  RIGHT: RIGHT | OUTER,
  FULL: LEFT | RIGHT | OUTER,
  INNER,
  CROSS: INNER | CROSS,
};

/** SQLite takes the words of a join in any order, as long as they do not contradict each other. */
export function joinKind(first: Token, others: readonly Name[]): JoinKind {
  let bits = 0;
  for (const { text, start } of [first, ...others]) {
    const bit = JOIN_WORDS[text.toUpperCase()];
    if (bit === undefined) throw new SqlSyntaxError(text, start);
    bits |= bit;
  }
  const isOuter = (bits & OUTER) !== 0;
  if (isOuter && ((bits & INNER) !== 0 || (bits & (LEFT | RIGHT)) === 0))
    throw new SqlSyntaxError(first.text, first.start);
  const sides = bits & (LEFT | RIGHT);
  const outer = sides === LEFT ? "left" : sides === RIGHT ? "right" : "full";
  const type = sides !== 0 ? outer : (bits & CROSS) !== 0 ? "cross" : "inner";
  return { type, natural: (bits & NATURAL) !== 0 };
}

export function joined(at: Span, prefix: JoinPrefix | null, right: From, onUsing: OnUsing | null): From {
  if (prefix !== null) {
    const { on = null, using = null } = onUsing ?? {};
    return { kind: "join", ...at, left: prefix.left, right, ...prefix.join, on, using };
  }
  if (onUsing !== null) throw new SqlSyntaxError(onUsing.on === null ? "USING" : "ON", onUsing.start);
  return right;
}

export function upsertBefore(upsert: Upsert, { upserts, returning }: UpsertReturning): UpsertReturning {
  return { upserts: [upsert, ...upserts], returning };
}
