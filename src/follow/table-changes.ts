import type { ColumnTrait, ConstraintKind, SchemaChange } from "../model/schema-change.ts";
import type { SourceColumn, SourceIndex, SourceTable } from "../model/source-schema.ts";
import { matchColumns } from "./match-columns.ts";
import { isSameSql, normalSql, type RenamedNames } from "./same-sql.ts";

export interface TablesToCompare {
  readonly was: SourceTable;
  readonly is: SourceTable;
  /** It is the same table, altered where it lies; else it was made again. */
  readonly inPlace: boolean;
  readonly renamedTables: ReadonlyMap<string, string>;
}

/** What happened to one table, in the order in which a migration would do it. */
export function changesOfTable({ was, is, inPlace, renamedTables }: TablesToCompare): SchemaChange[] {
  const table = was.name;
  const match = matchColumns(was.columns, is.columns, { inPlace });
  const renamed: RenamedNames = new Map([
    ...[...renamedTables].map(([from, to]) => [from.toLowerCase(), to.toLowerCase()] as const),
    ...match.renamed.map((pair) => [pair.was.name.toLowerCase(), pair.is.name.toLowerCase()] as const),
  ]);
  return [
    ...(inPlace ? [] : [{ kind: "table-rebuilt", table } as const]),
    ...match.renamed.map(
      (pair): SchemaChange => ({
        kind: "column-renamed",
        table,
        column: pair.was.name,
        to: pair.is.name,
        certainty: pair.certainty,
      }),
    ),
    ...match.dropped.map(({ name }): SchemaChange => ({ kind: "column-dropped", table, column: name })),
    ...match.added.map(
      (column): SchemaChange => ({
        kind: "column-added",
        table,
        column: column.name,
        type: column.declaredType,
        notNull: column.notNull,
        default: column.defaultSql,
        generated: column.generated !== null,
      }),
    ),
    ...[...match.kept, ...match.renamed].flatMap((pair) => changesOfColumn(table, pair, renamed)),
    ...changesOfConstraints(was, is, renamed),
    ...changesOfIndexes(was, is, renamed),
    ...changesOfOptions(was, is),
  ];
}

function changesOfColumn(
  table: string,
  { was, is }: { readonly was: SourceColumn; readonly is: SourceColumn },
  renamed: RenamedNames,
): SchemaChange[] {
  const type: SchemaChange[] =
    was.declaredType.toLowerCase() === is.declaredType.toLowerCase()
      ? []
      : [
          {
            kind: "column-type-changed",
            table,
            column: is.name,
            from: was.declaredType,
            to: is.declaredType,
          },
        ];
  const traits: readonly (readonly [ColumnTrait, (column: SourceColumn) => string | null])[] = [
    ["not-null", ({ notNull }) => (notNull ? "NOT NULL" : null)],
    ["default", ({ defaultSql }) => defaultSql],
    ["collation", ({ collation }) => collation],
    ["generated", ({ generated }) => (generated === null ? null : generated.expression)],
  ];
  return [
    ...type,
    ...traits.flatMap(([trait, of]): SchemaChange[] => {
      const [from, to] = [of(was), of(is)];
      const isSame = (from === null) === (to === null) && isSameSql(from, to, renamed);
      return isSame ? [] : [{ kind: "column-trait-changed", table, column: is.name, trait, from, to }];
    }),
  ];
}

interface Constraint {
  readonly constraint: ConstraintKind;
  readonly sql: string;
  /** What it says, without its name and with the names of today. */
  readonly means: string;
}

function changesOfConstraints(was: SourceTable, is: SourceTable, renamed: RenamedNames): SchemaChange[] {
  const [old, present] = [constraintsOf(was, renamed), constraintsOf(is, new Map())];
  const without = (constraints: readonly Constraint[], others: readonly Constraint[]) =>
    constraints.filter(({ means }) => !others.some((other) => other.means === means));
  return [
    ...without(old, present).map(
      ({ constraint, sql }): SchemaChange => ({ kind: "constraint-dropped", table: was.name, constraint, sql }),
    ),
    ...without(present, old).map(
      ({ constraint, sql }): SchemaChange => ({ kind: "constraint-added", table: was.name, constraint, sql }),
    ),
  ];
}

function constraintsOf(table: SourceTable, renamed: RenamedNames): Constraint[] {
  const named = (name: string) => renamed.get(name.toLowerCase()) ?? name.toLowerCase();
  const found: { readonly constraint: ConstraintKind; readonly sql: string; readonly parts: readonly string[] }[] = [
    ...table.checks.map(({ expression }) => ({
      constraint: "check" as const,
      sql: `CHECK (${expression})`,
      parts: [normalSql(expression, renamed)],
    })),
    ...table.foreignKeys.map((key) => ({
      constraint: "foreign-key" as const,
      sql: `FOREIGN KEY (${key.columns.join(", ")}) REFERENCES ${key.parentTable}`,
      parts: [
        key.columns.map(named).join(),
        named(key.parentTable),
        (key.parentColumns ?? []).map(named).join(),
        key.onUpdate,
        key.onDelete,
        String(key.deferred),
      ],
    })),
    ...table.indexes
      .filter(({ origin }) => origin === "unique")
      .map((index) => ({
        constraint: "unique" as const,
        sql: `UNIQUE (${index.terms.map(({ column }) => column ?? "…").join(", ")})`,
        parts: termsOf(index, renamed),
      })),
    ...(table.primaryKey.length === 0
      ? []
      : [
          {
            constraint: "primary-key" as const,
            sql: `PRIMARY KEY (${table.primaryKey.join(", ")})`,
            parts: table.primaryKey.map(named),
          },
        ]),
  ];
  return found.map(({ constraint, parts, sql }) => ({ constraint, sql, means: JSON.stringify([constraint, parts]) }));
}

function termsOf({ terms }: SourceIndex, renamed: RenamedNames): string[] {
  return terms.map(({ collation, column, descending, expression }) =>
    [
      column === null ? normalSql(expression, renamed) : (renamed.get(column.toLowerCase()) ?? column.toLowerCase()),
      collation,
      String(descending),
    ].join(" "),
  );
}

function changesOfIndexes(was: SourceTable, is: SourceTable, renamed: RenamedNames): SchemaChange[] {
  const own = (table: SourceTable) => table.indexes.filter(({ origin }) => origin === "index");
  const means = (index: SourceIndex, names: RenamedNames) =>
    JSON.stringify([index.unique, termsOf(index, names), normalSql(index.where, names)]);
  const change =
    (kind: "index-created" | "index-dropped") =>
    ({ name, sql, unique }: SourceIndex): SchemaChange => ({ kind, table: was.name, index: name, unique, sql });
  const isIn = (index: SourceIndex, names: RenamedNames, others: readonly SourceIndex[], otherNames: RenamedNames) =>
    others.some((other) => other.name === index.name && means(other, otherNames) === means(index, names));
  const none: RenamedNames = new Map();
  return [
    ...own(was)
      .filter((index) => !isIn(index, renamed, own(is), none))
      .map(change("index-dropped")),
    ...own(is)
      .filter((index) => !isIn(index, none, own(was), renamed))
      .map(change("index-created")),
  ];
}

function changesOfOptions(was: SourceTable, is: SourceTable): SchemaChange[] {
  const options = [
    ["WITHOUT ROWID", was.withoutRowid, is.withoutRowid],
    ["STRICT", was.strict, is.strict],
    ["AUTOINCREMENT", was.autoincrement, is.autoincrement],
  ] as const;
  return options.flatMap(([option, before, on]): SchemaChange[] =>
    before === on ? [] : [{ kind: "table-option-changed", table: was.name, option, on }],
  );
}
