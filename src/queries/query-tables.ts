import type { CatalogueTable } from "../model/catalogue.ts";
import type { TableMapping } from "../model/mapping.ts";
import { NOTHING_SEEN, type TableProfile } from "../model/profile.ts";
import type { SourceColumn, SourceSchema, SourceTable } from "../model/source-schema.ts";
import { columnTraits } from "../plan/translate/column-traits.ts";
import type { Relation, RelationColumn } from "../plan/translate/relation.ts";

/** What the application's statements may read and write, by the source's names in lower case. */
export type QueryTables = ReadonlyMap<string, QueryTable>;

/** A table on both sides, as far as a statement needs to know it. */
export interface QueryTable {
  /** As the source spells it. */
  readonly source: string;
  readonly relation: Relation;
  readonly columns: readonly QueryColumn[];
  /** Columns, by the target's names, that no two rows have alike; null for a key of another kind. */
  readonly uniques: readonly (readonly string[] | null)[];
  /** The column that SQLite fills with the next number. */
  readonly rowid: string | null;
  /** Other tables refer to it. */
  readonly isReferenced: boolean;
  readonly hasTriggers: boolean;
  readonly hasChecks: boolean;
  /** For a scratch copy of its rows. */
  readonly definition: SourceTable;
  readonly target: { readonly schema: string; readonly name: string };
  /** As profiled; 0 where no statement names it. */
  readonly rows: number;
  /** Small number of the table in the change log. */
  readonly id: number;
}

export interface QueryColumn extends RelationColumn {
  /** PostgreSQL's type. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isGenerated: boolean;
  /** What is missing in the target where a row leaves the column out; null where it does the same. */
  readonly lacking: string | null;
}

export interface QueryTableFacts {
  readonly source: SourceTable;
  readonly target: CatalogueTable;
  readonly mapping: TableMapping;
  readonly profile: TableProfile | null;
}

/** The tables of a run. Views that came over are none of them. */
export function queryTables(schema: SourceSchema, tables: readonly QueryTableFacts[]): QueryTables {
  return new Map(tables.map((facts) => [facts.source.name.toLowerCase(), queryTable(schema, facts)]));
}

function queryTable(schema: SourceSchema, facts: QueryTableFacts): QueryTable {
  const { source, target } = facts;
  const columns = source.columns.flatMap((column) => queryColumn(column, facts) ?? []);
  const nameOf = (name: string | null) => columns.find((column) => column.source === name)?.name;
  const uniques = [
    ...(source.primaryKey.length === 0 ? [] : [source.primaryKey.map((name) => nameOf(name) ?? null)]),
    ...source.indexes
      .filter(({ origin, unique }) => unique && origin !== "primary-key")
      .map(({ terms, where }) =>
        terms.map(({ collation, column }) =>
          where === null && collation === "BINARY" ? (nameOf(column) ?? null) : null,
        ),
      ),
  ].map((key) => (key.every((name) => name !== null) ? key : null));
  const known = uniques.filter((key): key is string[] => key !== null);
  const rowid = nameOf(source.rowidAlias) ?? null;
  const name = source.name.toLowerCase();
  return {
    source: source.name,
    relation: { name: target.name, columns, keys: known, ...(rowid === null ? {} : { rowid }) },
    columns,
    uniques,
    rowid,
    isReferenced: schema.tables.some(({ foreignKeys }) =>
      foreignKeys.some(({ parentTable }) => parentTable.toLowerCase() === name),
    ),
    hasTriggers: schema.triggers.some(({ table }) => table.toLowerCase() === name),
    hasChecks: source.checks.length > 0 || source.strict,
    definition: source,
    target: facts.mapping.target,
    rows: facts.profile?.rows ?? 0,
    id: facts.mapping.id,
  };
}

function queryColumn(column: SourceColumn, { mapping, profile, source, target }: QueryTableFacts): QueryColumn | null {
  const mapped = mapping.columns.find((candidate) => candidate.source === column.name);
  const found = target.columns.find(({ name }) => name === (mapped?.target ?? column.name));
  // A column whose values a rule changes is not the one that the application's statement means.
  if (found === undefined || mapped?.expression !== undefined) return null;
  const type = TYPES[found.baseType] ?? found.type;
  const seen = profile?.columns.find((candidate) => candidate.column === column.name);
  const traits = columnTraits({
    type,
    byBytes: false,
    affinity: column.affinity,
    collation: column.collation,
    profile: seen ?? { ...NOTHING_SEEN, column: column.name },
  });
  const isRowid = column.name === source.rowidAlias;
  return {
    ...traits,
    source: column.name,
    name: found.name,
    type,
    isRequired: (column.notNull || column.primaryKeyPosition > 0) && !isRowid,
    isGenerated: column.generated !== null,
    lacking: isRowid
      ? found.identity || found.hasDefault
        ? null
        : "PostgreSQL makes no ids there"
      : column.defaultSql !== null && !found.hasDefault
        ? "its default did not come over"
        : null,
  };
}

/** Types as the translation calls them. */
const TYPES: Readonly<Record<string, string>> = {
  int2: "bigint",
  int4: "bigint",
  int8: "bigint",
  float8: "double precision",
  varchar: "text",
  text: "text",
  bool: "boolean",
  bytea: "bytea",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  numeric: "numeric",
  json: "json",
  jsonb: "jsonb",
  uuid: "uuid",
};
