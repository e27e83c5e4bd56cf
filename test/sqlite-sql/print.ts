import type {
  Assignment,
  Expression,
  Frame,
  FrameBound,
  From,
  Indexed,
  Limit,
  Name,
  NamedColumn,
  OrderTerm,
  QualifiedName,
  ResultColumn,
  Select,
  SelectBody,
  TypeName,
  Upsert,
  Window,
  With,
  WriteTarget,
} from "../../src/sqlite-sql/ast.ts";

/** Trees as SQL again, every operand in parentheses: what is read back has to be the same tree. */
export function printExpression(node: Expression): string {
  const paren = (inner: Expression) => `(${printExpression(inner)})`;
  const not = (is: boolean) => (is ? "NOT " : "");
  switch (node.kind) {
    case "number":
    case "parameter":
      return node.text;
    case "string":
      return `'${node.value.replaceAll("'", "''")}'`;
    case "blob":
      return `x'${node.hex}'`;
    case "null":
      return "NULL";
    case "now":
      return node.word;
    case "column":
      return [node.schema, node.table, node.name].flatMap((part) => (part === null ? [] : [printName(part)])).join(".");
    case "unary":
      return `${node.operator} ${paren(node.operand)}`;
    case "binary":
      return `${paren(node.left)} ${node.operator} ${paren(node.right)}`;
    case "like":
      return (
        `${paren(node.value)} ${not(node.not)}${node.operator} ` +
        `${paren(node.pattern)}${opt(node.escape, (sign) => ` ESCAPE ${paren(sign)}`)}`
      );
    case "isNull":
      return `${paren(node.value)} ${node.not ? "NOTNULL" : "ISNULL"}`;
    case "between":
      return `${paren(node.value)} ${not(node.not)}BETWEEN ${paren(node.low)} AND ${paren(node.high)}`;
    case "in": {
      const { set } = node;
      const source =
        set.kind === "list"
          ? `(${list(set.items)})`
          : set.kind === "select"
            ? `(${printSelect(set.select)})`
            : `${printQualified(set.table)}${opt(set.args, (args) => `(${list(args)})`)}`;
      return `${paren(node.value)} ${not(node.not)}IN ${source}`;
    }
    case "collate":
      return `${paren(node.value)} COLLATE ${printName(node.collation)}`;
    case "cast":
      return `CAST(${printExpression(node.value)} AS ${opt(node.type, printType)})`;
    case "case": {
      const branches = node.branches.map(({ when, then }) => `WHEN ${paren(when)} THEN ${paren(then)}`).join(" ");
      return (
        `CASE ${opt(node.subject, paren)} ${branches}${opt(node.otherwise, (other) => ` ELSE ${paren(other)}`)} ` +
        "END"
      );
    }
    case "call":
      return printCall(node);
    case "row":
      return `(${list(node.items)})`;
    case "subquery":
      return `(${printSelect(node.select)})`;
    case "exists":
      return `EXISTS (${printSelect(node.select)})`;
    case "raise":
      return `RAISE(${node.action}${opt(node.message, (message) => `, ${printExpression(message)}`)})`;
  }
}

function printCall(node: Extract<Expression, { kind: "call" }>): string {
  const args = node.args === "*" ? "*" : `${node.distinct ?? ""} ${list(node.args)}${printOrder(node.orderBy)}`;
  const over = node.over === null ? "" : "kind" in node.over ? `(${printWindow(node.over)})` : printName(node.over);
  return [
    `${printName(node.name)}(${args})`,
    opt(node.within, (within) => ` WITHIN GROUP (ORDER BY ${printExpression(within)})`),
    opt(node.filter, (filter) => ` FILTER (WHERE ${printExpression(filter)})`),
    over === "" ? "" : ` OVER ${over}`,
  ].join("");
}

export function opt<T>(value: T | null, print: (value: T) => string): string {
  return value === null ? "" : print(value);
}

function list(items: readonly Expression[]): string {
  return items.map(printExpression).join(", ");
}

export function printName({ text, quote }: Name): string {
  if (quote === null) return text;
  return quote === "[" ? `[${text}]` : `${quote}${text.replaceAll(quote, quote + quote)}${quote}`;
}

export function printQualified({ schema, name }: QualifiedName): string {
  return `${opt(schema, (first) => `${printName(first)}.`)}${printName(name)}`;
}

export function printType({ words, sizes }: TypeName): string {
  return `${words}${sizes.length === 0 ? "" : `(${sizes.join(", ")})`}`;
}

function printOrder(terms: readonly OrderTerm[]): string {
  return terms.length === 0 ? "" : ` ORDER BY ${printTerms(terms)}`;
}

export function printTerms(terms: readonly OrderTerm[]): string {
  return terms
    .map(
      ({ expression, direction, nulls }) =>
        `(${printExpression(expression)}) ${direction ?? ""}${opt(nulls, (end) => ` NULLS ${end}`)}`,
    )
    .join(", ");
}

function printLimit(limit: Limit | null): string {
  return opt(
    limit,
    ({ count, offset }) =>
      ` LIMIT ${printExpression(count)}${opt(offset, (skipped) => ` OFFSET ${printExpression(skipped)}`)}`,
  );
}

function printWindow({ base, partitionBy, orderBy, frame }: Window): string {
  const partition = partitionBy.length === 0 ? "" : ` PARTITION BY ${list(partitionBy)}`;
  return `${opt(base, printName)}${partition}${printOrder(orderBy)}${opt(frame, printFrame)}`;
}

function printFrame({ unit, from, to, exclude }: Frame): string {
  const bounds = to === null ? printBound(from) : `BETWEEN ${printBound(from)} AND ${printBound(to)}`;
  return ` ${unit} ${bounds}${opt(exclude, (rows) => ` EXCLUDE ${rows}`)}`;
}

function printBound(bound: FrameBound): string {
  if (bound.kind === "current") return "CURRENT ROW";
  return `${bound.offset === null ? "UNBOUNDED" : `(${printExpression(bound.offset)})`} ${bound.side}`;
}

export function printColumns(columns: readonly NamedColumn[] | null): string {
  return opt(columns, (names) => ` (${names.map(({ name }) => printName(name)).join(", ")})`);
}

export function printWith(value: With | null): string {
  return opt(value, ({ recursive, tables }) => {
    const items = tables.map(({ name, columns, materialized, select }) => {
      const how = materialized === null ? "" : materialized ? "MATERIALIZED " : "NOT MATERIALIZED ";
      return `${printName(name)}${printColumns(columns)} AS ${how}(${printSelect(select)})`;
    });
    return `WITH ${recursive ? "RECURSIVE " : ""}${items.join(", ")} `;
  });
}

export function printSelect({ with: common, body, orderBy, limit }: Select): string {
  return `${printWith(common)}${printBody(body)}${printOrder(orderBy)}${printLimit(limit)}`;
}

function printBody(body: SelectBody): string {
  if (body.kind === "values") return `VALUES ${body.rows.map((row) => `(${list(row)})`).join(", ")}`;
  if (body.kind === "compound") return `${printBody(body.left)} ${body.operator} ${printBody(body.right)}`;
  const windows = body.windows.map(({ name, window }) => `${printName(name)} AS (${printWindow(window)})`).join(", ");
  return [
    `SELECT ${body.distinct ?? ""} ${printResults(body.columns)}`,
    opt(body.from, (from) => ` FROM ${printFrom(from)}`),
    opt(body.where, (where) => ` WHERE ${printExpression(where)}`),
    body.groupBy.length === 0 ? "" : ` GROUP BY ${list(body.groupBy)}`,
    opt(body.having, (having) => ` HAVING ${printExpression(having)}`),
    windows === "" ? "" : ` WINDOW ${windows}`,
  ].join("");
}

function printResults(columns: readonly ResultColumn[]): string {
  return columns
    .map((column) =>
      column.kind === "all"
        ? "*"
        : column.kind === "allOf"
          ? `${printName(column.table)}.*`
          : `(${printExpression(column.expression)})${printAlias(column.alias)}`,
    )
    .join(", ");
}

function printAlias(alias: Name | null): string {
  return opt(alias, (name) => ` AS ${printName(name)}`);
}

export function printFrom(from: From): string {
  switch (from.kind) {
    case "table":
      return `${printQualified(from.table)}${printAlias(from.alias)}${printIndexed(from.indexed)}`;
    case "function":
      return `${printQualified(from.table)}(${list(from.args)})${printAlias(from.alias)}`;
    case "derived":
      return `(${printSelect(from.select)})${printAlias(from.alias)}`;
    case "group":
      return `(${printFrom(from.from)})${printAlias(from.alias)}`;
    case "join": {
      const type = from.type === "inner" ? "" : from.type.toUpperCase();
      const join = from.type === "comma" ? "," : ` ${from.natural ? "NATURAL " : ""}${type} JOIN`;
      const on = opt(from.on, (condition) => ` ON ${printExpression(condition)}`);
      const using = opt(from.using, (names) => ` USING (${names.map(printName).join(", ")})`);
      return `${printFrom(from.left)}${join} ${printFrom(from.right)}${on}${using}`;
    }
  }
}

export function printIndexed(indexed: Indexed | null): string {
  return opt(indexed, (value) => (value === "NOT INDEXED" ? ` ${value}` : ` INDEXED BY ${printName(value.by)}`));
}

export function printTarget({ table, alias }: WriteTarget): string {
  return `${printQualified(table)}${printAlias(alias)}`;
}

export function printSet(set: readonly Assignment[]): string {
  return set
    .map(({ columns, isRow, value }) => {
      const names = columns.map(printName).join(", ");
      return `${isRow ? `(${names})` : names} = ${printExpression(value)}`;
    })
    .join(", ");
}

export function printUpsert({ target, targetWhere, set, where }: Upsert): string {
  const on = opt(target, (terms) => ` (${printTerms(terms)})`);
  const only = opt(targetWhere, (condition) => ` WHERE ${printExpression(condition)}`);
  const update = opt(set, (values) => ` UPDATE SET ${printSet(values)}`);
  const such = opt(where, (condition) => ` WHERE ${printExpression(condition)}`);
  return ` ON CONFLICT${on}${only} DO${set === null ? " NOTHING" : update}${such}`;
}

export function printReturning(columns: readonly ResultColumn[] | null): string {
  return opt(columns, (items) => ` RETURNING ${printResults(items)}`);
}

export function printTail(orderBy: readonly OrderTerm[], limit: Limit | null): string {
  return `${printOrder(orderBy)}${printLimit(limit)}`;
}
