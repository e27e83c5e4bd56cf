import type { SourceValue } from "../model/source-value.ts";
import type { Expression, OrderTerm, SelectCore, Statement } from "../sqlite-sql/ast.ts";
import { parseStatement } from "../sqlite-sql/parse.ts";
import { walkStatement } from "./walk-statement.ts";

type Select = Extract<Statement, { kind: "select" }>;

/** All rows of a query, whatever its LIMIT, each with the number of the group that ORDER BY does not tell apart. */
export interface RankedQuery {
  /** The number is the last column, and orders the rows. */
  readonly sql: string;
  /** How many rows LIMIT takes; null: all. */
  readonly count: number | null;
  readonly offset: number;
}

export interface RankedQuestion {
  /** With ?1, ?2 … */
  readonly sql: string;
  readonly parameters: readonly SourceValue[];
  /** How many columns it gives. */
  readonly width: number;
}

/** Null where the statement has neither ORDER BY nor LIMIT, or where its order is not said by known means. */
export function rankedQuery(question: RankedQuestion): RankedQuery | null {
  const statement = parseStatement(question.sql);
  if (statement.kind !== "select" || (statement.orderBy.length === 0 && statement.limit === null)) return null;
  const limit = statement.limit;
  const count = limit === null ? null : numberOf(limit.count, question.parameters);
  const offset = limit === null || limit.offset === null ? 0 : numberOf(limit.offset, question.parameters);
  if (count === undefined || offset === undefined) return null;
  const ranked = rankedSql(statement, question);
  if (ranked === null) return null;
  // Each parameter is used, so that all can be bound.
  const bound = question.parameters.map((_, index) => `?${index + 1}`);
  const where = bound.length === 0 ? "" : ` WHERE coalesce(1, ${bound.join(", ")})`;
  return {
    sql: `SELECT * FROM (${ranked}\n)${where} ORDER BY ${question.width + 1}`,
    count: count === null || count < 0 ? null : count,
    offset: offset === null || offset < 0 ? 0 : offset,
  };
}

/** Undefined where it is not known. */
function numberOf(node: Expression, parameters: readonly SourceValue[]): number | null | undefined {
  if (node.kind === "number" && /^\d+$/.test(node.text)) return Number(node.text);
  if (node.kind === "unary" && node.operator === "-" && node.operand.kind === "number") return -1;
  if (node.kind !== "parameter") return undefined;
  const value = parameters[Number(node.text.slice(1)) - 1];
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))
    ? Number(value)
    : undefined;
}

function rankedSql(statement: Select, { sql, width }: RankedQuestion): string | null {
  const { body, orderBy } = statement;
  const end = bodyEnd(statement, sql);
  if (end === null) return null;
  const common = sql.slice(statement.start, body.start);
  const text = sql.slice(body.start, end);
  if (orderBy.length === 0) return `SELECT *, 1 FROM (${common}${text}\n)`;
  if (body.kind === "core" && body.distinct === null) {
    const terms = orderBy.map((term) => listedTerm(term, body, sql));
    const [first, last] = [body.columns[0], body.columns.at(-1)];
    if (first === undefined || last === undefined || terms.includes(null)) return null;
    return (
      `${common}${sql.slice(body.start, last.end)}, dense_rank() OVER (ORDER BY ${terms.join(", ")})` +
      sql.slice(last.end, end)
    );
  }
  const names = Array.from({ length: width }, (_, index) => `changeover_${index + 1}`);
  const terms = orderBy.map((term) => placedTerm(term, statement));
  if (terms.includes(null)) return null;
  return (
    `WITH changeover_rows(${names.join(", ")}) AS (${common}${text}\n) ` +
    `SELECT *, dense_rank() OVER (ORDER BY ${terms.join(", ")}) FROM changeover_rows`
  );
}

/** Where ORDER BY or LIMIT begins; null where something stands between the keyword and what follows. */
function bodyEnd({ limit, orderBy }: Select, sql: string): number | null {
  const [term] = orderBy;
  const match =
    term !== undefined
      ? /\bORDER\s+BY\s*$/i.exec(sql.slice(0, term.expression.start))
      : /\bLIMIT\s*$/i.exec(sql.slice(0, limit?.count.start ?? 0));
  return match?.index ?? null;
}

function withDirection(sql: string, { direction, nulls }: OrderTerm): string {
  return `${sql}${direction === "DESC" ? " DESC" : ""}${nulls === null ? "" : ` NULLS ${nulls}`}`;
}

/** A term next to the columns: names and numbers of result columns stand for what these are. */
function listedTerm(term: OrderTerm, { columns }: SelectCore, sql: string): string | null {
  const { expression } = term;
  const meant = (node: Expression): string | null => {
    if (node.kind === "collate") {
      const inner = meant(node.value);
      return inner === null ? null : `${inner} COLLATE ${sql.slice(node.collation.start, node.collation.end)}`;
    }
    if (node.kind === "number") return columnText(columns[Number(node.text) - 1], sql);
    if (node.kind === "column" && node.table === null) {
      const aliased = columns.find((column) => aliasOf(column) === node.name.text.toLowerCase());
      if (aliased !== undefined) return columnText(aliased, sql);
    }
    return usesAlias(node, columns) ? null : `(${sql.slice(node.start, node.end)})`;
  };
  // In parentheses a column has the collation that it has without.
  const written = meant(expression);
  return written === null ? null : withDirection(written, term);
}

function aliasOf(column: SelectCore["columns"][number]): string | null {
  return column.kind === "result" ? (column.alias?.text.toLowerCase() ?? null) : null;
}

function columnText(column: SelectCore["columns"][number] | undefined, sql: string): string | null {
  if (column?.kind !== "result") return null;
  return `(${sql.slice(column.expression.start, column.expression.end)})`;
}

/** Within an expression a name may be that of a result column, too. */
function usesAlias(node: Expression, columns: SelectCore["columns"]): boolean {
  const aliases = new Set(columns.flatMap((column) => aliasOf(column) ?? []));
  let found = false;
  walkStatement(node, (inner) => {
    if (inner.kind === "column" && inner.table === null && aliases.has(inner.name.text.toLowerCase())) found = true;
  });
  return found;
}

/** A term of a compound or distinct SELECT: a number or a name of one of its columns. */
function placedTerm(term: OrderTerm, { body }: Select): string | null {
  const { expression } = term;
  const bare = expression.kind === "collate" ? expression.value : expression;
  const collation = expression.kind === "collate" ? ` COLLATE "${expression.collation.text}"` : "";
  let left = body;
  while (left.kind === "compound") left = left.left;
  if (left.kind !== "core" || left.columns.some(({ kind }) => kind !== "result")) return null;
  const place =
    bare.kind === "number"
      ? Number(bare.text) - 1
      : bare.kind === "column" && bare.table === null
        ? left.columns.findIndex((column) => nameOf(column) === bare.name.text.toLowerCase())
        : -1;
  return place === -1 ? null : withDirection(`changeover_${place + 1}${collation}`, term);
}

function nameOf(column: SelectCore["columns"][number]): string | null {
  if (column.kind !== "result") return null;
  const { alias, expression } = column;
  return (alias?.text ?? (expression.kind === "column" ? expression.name.text : null))?.toLowerCase() ?? null;
}
