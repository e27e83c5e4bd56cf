import type { SchemaObject } from "../model/left-out.ts";
import type { ProposedTable, SchemaProposal } from "../model/proposal.ts";

/** An object of the proposal, and the source's table that it belongs to; null for a view. */
export interface PlannedObject {
  readonly table: string | null;
  readonly object: SchemaObject;
}

/** All that the proposal makes next to tables and columns: what a target that someone else made should have as well. */
export function schemaObjects({ tables, views }: Pick<SchemaProposal, "tables" | "views">): PlannedObject[] {
  return [
    ...tables.flatMap((table) => objectsOf(table).map((object) => ({ table: table.source, object }))),
    ...views.map(({ name }) => ({ table: null, object: { kind: "view" as const, name } })),
  ];
}

function objectsOf(table: ProposedTable): SchemaObject[] {
  const make = (kind: SchemaObject["kind"], name: string, targetColumns: readonly string[]): SchemaObject => ({
    kind,
    name,
    targetTable: table.name,
    targetColumns,
  });
  const key = table.primaryKey;
  return [
    ...table.columns.flatMap((column) => [
      ...(column.identity ? [make("identity", column.source, [column.name])] : []),
      ...(column.default === null ? [] : [make("default", column.source, [column.name])]),
      ...(column.generated === null ? [] : [make("generated-column", column.source, [column.name])]),
      ...(column.nullable || column.generated !== null ? [] : [make("not-null", column.source, [column.name])]),
    ]),
    ...(key === null ? [] : [make("primary-key", `PRIMARY KEY (${key.columns.join(", ")})`, key.columns)]),
    ...table.uniques.map(({ columns }) => make("unique-index", `UNIQUE (${columns.join(", ")})`, columns)),
    ...table.indexes.map(({ name, terms, unique, where }) =>
      make(unique ? "unique-index" : "index", name, mentionedIn([...terms, where ?? ""].join(" "), table)),
    ),
    ...table.foreignKeys.map(({ name, columns }) => make("foreign-key", name, columns)),
    ...table.checks
      .filter(({ keepsTexts }) => keepsTexts !== true)
      .map(({ name, expression }) => make("check", name ?? `(${expression})`, mentionedIn(expression, table))),
  ];
}

function mentionedIn(expression: string, { columns }: ProposedTable): string[] {
  const words = wordsOf(expression);
  return columns.flatMap(({ name }) => (words.has(name.toLowerCase()) ? [name] : []));
}

/** Names in an expression, in lower case: of columns, words and types; neither texts nor functions. */
export function wordsOf(expression: string): ReadonlySet<string> {
  const bare = expression.replaceAll(/'(?:[^']|'')*'/g, " ");
  const names = bare.matchAll(
    /"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]|([\p{L}_][\p{L}\p{N}_$]*)(?!\s*\(|[\p{L}\p{N}_$])/gu,
  );
  return new Set([...names].map((match) => (match[1] ?? match[2] ?? match[3] ?? match[4] ?? "").toLowerCase()));
}
