import type { SourceColumn, SourceSchema, SourceTable } from "../../model/source-schema.ts";
import { parseExpression, parseStatement } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { wordsOf } from "../schema-objects.ts";
import { looksNumeric } from "../translate/storage-classes.ts";
import type { TypeChoice } from "../types/type-choice.ts";

/** The texts with which SQL of the schema compares a column. */
export type ComparedTexts = (table: SourceTable, column: SourceColumn) => readonly string[];

/**
 * A column without values is what it is declared. A view, an index, a CHECK or a trigger may compare it with a text
 * that such a type does not hold: then it stays text, for the application will write such texts.
 */
export function heedUse(choice: TypeChoice, compared: readonly string[]): TypeChoice {
  const { guessed, type } = choice;
  if (!guessed) return choice;
  const odd = compared.some((text) => !isHeldBy(type, text));
  return odd
    ? {
        ...choice,
        type: "text",
        evidence: `${choice.evidence}; text, since the schema's own SQL compares it with words`,
      }
    : choice;
}

function isHeldBy(type: string, text: string): boolean {
  if (/^(bigint|numeric|double)/.test(type)) return false;
  if (type === "boolean") return /^(true|false|t|f|yes|no|on|off)$/i.test(text);
  return /^(date|timestamp)/.test(type) ? /^\d{4}(-\d\d(-\d\d.*)?)?$/.test(text) : true;
}

/** All comparisons with texts in a schema, found when they are first asked for. */
export function comparedTexts(schema: SourceSchema): ComparedTexts {
  let found: ReadonlyMap<string, readonly string[]> | undefined;
  return (table, column) => {
    found ??= findAll(schema);
    return found.get(idOf(table, column.name)) ?? [];
  };
}

function findAll({ tables, triggers, views }: SourceSchema): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const note = (among: readonly SourceTable[], comparison: Comparison) => {
    const { name, texts } = comparison;
    const having = among.filter(({ columns }) => columns.some((column) => same(column.name, name)));
    const [only] = having;
    if (only === undefined || having.length > 1) return;
    found.set(idOf(only, name), [...(found.get(idOf(only, name)) ?? []), ...texts]);
  };
  for (const table of tables)
    for (const text of expressionsOf(table))
      for (const comparison of comparisons(attempt(() => parseExpression(text)))) note([table], comparison);
  for (const { sql } of views)
    for (const comparison of comparisons(attempt(() => parseStatement(sql)))) note(namedIn(sql, tables), comparison);
  for (const { sql, table } of triggers)
    for (const comparison of comparisons(attempt(() => parseStatement(sql))))
      note(comparison.ofRow ? tables.filter(({ name }) => same(name, table)) : namedIn(sql, tables), comparison);
  return found;
}

function expressionsOf({ checks, indexes }: SourceTable): string[] {
  return [
    ...checks.map(({ expression }) => expression),
    ...indexes.flatMap(({ terms, where }) => [
      ...terms.flatMap(({ expression }) => expression ?? []),
      ...(where === null ? [] : [where]),
    ]),
  ];
}

function namedIn(sql: string, tables: readonly SourceTable[]): readonly SourceTable[] {
  const words = wordsOf(sql);
  return tables.filter(({ name }) => words.has(name.toLowerCase()));
}

interface Comparison {
  readonly name: string;
  /** Of NEW or OLD in a trigger. */
  readonly ofRow: boolean;
  readonly texts: readonly string[];
}

const OPERATORS: ReadonlySet<unknown> = new Set(["=", "==", "<>", "!=", "<", "<=", ">", ">=", "IS", "IS NOT"]);

/** Comparisons of a column with texts anywhere in a tree of SQL. */
function comparisons(node: unknown): Comparison[] {
  if (Array.isArray(node)) return node.flatMap(comparisons);
  if (!isNode(node)) return [];
  const own =
    node["kind"] === "binary" && OPERATORS.has(node["operator"])
      ? [compared(node["left"], [node["right"]]), compared(node["right"], [node["left"]])]
      : node["kind"] === "between"
        ? [compared(node["value"], [node["low"], node["high"]])]
        : node["kind"] === "in" && isNode(node["set"]) && Array.isArray(node["set"]["items"])
          ? [compared(node["value"], node["set"]["items"])]
          : [];
  return [...own.filter((one) => one !== null), ...Object.values(node).flatMap(comparisons)];
}

function compared(column: unknown, others: readonly unknown[]): Comparison | null {
  if (!isNode(column) || column["kind"] !== "column" || !isNode(column["name"])) return null;
  const { text } = column["name"];
  const qualifier = isNode(column["table"]) ? String(column["table"]["text"]) : "";
  const texts = others.flatMap((other) =>
    isNode(other) && other["kind"] === "string" && typeof other["value"] === "string" ? [other["value"]] : [],
  );
  // '' stands for nothing in numbers, too.
  const words = texts.filter((value) => value !== "" && !looksNumeric(value));
  if (typeof text !== "string" || words.length === 0) return null;
  return { name: text, ofRow: /^(new|old)$/i.test(qualifier), texts: words };
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function idOf({ name }: SourceTable, column: string): string {
  return JSON.stringify([name, column.toLowerCase()]);
}
