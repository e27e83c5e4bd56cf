import { renderName } from "../names/render-name.ts";
import { type ColumnPlan, columnSql, type TablePlan } from "../propose/table-plan.ts";
import { type TypedSql, typed, type ValueTraits } from "./typed-sql.ts";

/** A table or view that a query may read. */
export interface Relation {
  readonly name: string;
  readonly columns: readonly RelationColumn[];
  /** The column that is an alias of the rowid: SQLite goes through the rows in its order. */
  readonly rowid?: string;
  /** Columns, by their names in the target, that no two rows have alike. */
  readonly keys?: readonly (readonly string[])[];
}

export interface RelationColumn extends ValueTraits {
  /** As the source spells it. */
  readonly source: string;
  readonly name: string;
}

export function tableRelation(plan: TablePlan, isKept: (column: ColumnPlan) => boolean = () => false): Relation {
  const columns = plan.columns.map((column): RelationColumn => {
    const { source } = column;
    return { ...traitsOf(columnSql(column, isKept(column))), source: source.knownAs ?? source.name, name: column.name };
  });
  const nameOf = (name: string) => plan.columns.find(({ source }) => source.name === name)?.name;
  const { indexes, primaryKey, rowidAlias } = plan.source;
  const uniques = indexes
    .filter(({ unique, where }) => unique && where === null)
    .map(({ terms }) => terms.map(({ column, collation }) => (collation === "BINARY" ? column : null)));
  const keys = [primaryKey, ...uniques]
    .map((key) => key.map((name) => (name === null ? undefined : nameOf(name))))
    .filter((key): key is string[] => key.length > 0 && key.every((name) => name !== undefined));
  const rowid = rowidAlias === null ? undefined : nameOf(rowidAlias);
  return { name: plan.name, columns, keys, ...(rowid === undefined ? {} : { rowid }) };
}

/** One relation of a FROM clause, under the name that the query uses for it. */
export interface Member {
  readonly alias: string;
  /** Under which it goes in PostgreSQL. */
  readonly name: string;
  readonly relation: Relation;
  /** Names in lower case that USING makes one with a column further left. */
  readonly merged: ReadonlySet<string>;
}

export function memberColumn({ name }: Pick<Member, "name">, column: RelationColumn): TypedSql {
  const sql = `${renderName(name)}.${renderName(column.name)}`;
  return { ...typed(sql, column.family), ...traitsOf(column), bare: [sql] };
}

export function columnNamed({ relation }: Member, name: string): RelationColumn | undefined {
  return relation.columns.find(({ source }) => source.toLowerCase() === name.toLowerCase());
}

export function traitsOf(value: ValueTraits & Pick<TypedSql, "isJson">): ValueTraits {
  const { affinity, byBytes, classes, collation, family, isNarrow, isRespelled, range, typeName } = value;
  const isUnclearJson = value.isJson === true || value.isUnclearJson === true;
  return {
    affinity,
    classes,
    collation,
    family,
    range,
    ...(byBytes === undefined ? {} : { byBytes }),
    ...(isNarrow === undefined ? {} : { isNarrow }),
    ...(isUnclearJson ? { isUnclearJson } : {}),
    ...(isRespelled === undefined ? {} : { isRespelled }),
    ...(typeName === undefined ? {} : { typeName }),
  };
}
