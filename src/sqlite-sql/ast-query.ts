import type { Expression, Name, OrderTerm, QualifiedName, Quantifier, Span, Window } from "./ast-expression.ts";

export interface Limit {
  readonly count: Expression;
  readonly offset: Expression | null;
}

export interface NamedWindow {
  readonly name: Name;
  readonly window: Window;
}

/** Names that a list of columns gives. COLLATE and a direction are relics that SQLite reads in old schemas only. */
export interface NamedColumn extends Span {
  readonly name: Name;
}

export interface With {
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
}

export interface CommonTable extends Span {
  readonly name: Name;
  readonly columns: readonly NamedColumn[] | null;
  readonly materialized: boolean | null;
  readonly select: Select;
}

export interface Select extends Span {
  readonly kind: "select";
  readonly with: With | null;
  readonly body: SelectBody;
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Limit | null;
}

export type SelectBody = SelectCore | Values | Compound;

export interface SelectCore extends Span {
  readonly kind: "core";
  readonly distinct: Quantifier | null;
  readonly columns: readonly ResultColumn[];
  readonly from: From | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly windows: readonly NamedWindow[];
}

export interface Values extends Span {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
}

export interface Compound extends Span {
  readonly kind: "compound";
  readonly operator: "UNION" | "UNION ALL" | "EXCEPT" | "INTERSECT";
  readonly left: SelectBody;
  readonly right: SelectCore | Values;
}

export type ResultColumn =
  | (Span & { readonly kind: "result"; readonly expression: Expression; readonly alias: Name | null })
  | (Span & { readonly kind: "all" })
  | (Span & { readonly kind: "allOf"; readonly table: Name });

export type From =
  | (Span & {
      readonly kind: "table";
      readonly table: QualifiedName;
      readonly alias: Name | null;
      readonly indexed: Indexed | null;
    })
  | (Span & {
      readonly kind: "function";
      readonly table: QualifiedName;
      readonly args: readonly Expression[];
      readonly alias: Name | null;
    })
  | (Span & { readonly kind: "derived"; readonly select: Select; readonly alias: Name | null })
  /** A FROM clause in parentheses. */
  | (Span & { readonly kind: "group"; readonly from: From; readonly alias: Name | null })
  | (Span & Join);

export interface Join {
  readonly kind: "join";
  readonly left: From;
  readonly right: From;
  /** `,` and JOIN without another word are inner joins: "comma" and "inner". */
  readonly type: "comma" | "inner" | "cross" | "left" | "right" | "full";
  readonly natural: boolean;
  readonly on: Expression | null;
  readonly using: readonly Name[] | null;
}

/** INDEXED BY name, or NOT INDEXED. */
export type Indexed = { readonly by: Name } | "NOT INDEXED";

export type ConflictAction = "ROLLBACK" | "ABORT" | "FAIL" | "IGNORE" | "REPLACE";

export interface WriteTarget extends Span {
  readonly table: QualifiedName;
  readonly alias: Name | null;
}

export interface Assignment {
  /** More than one in `(a, b) = (1, 2)`, and in parentheses even if it is one. */
  readonly columns: readonly Name[];
  readonly isRow: boolean;
  readonly value: Expression;
}

export interface Upsert {
  /** Null: any conflict. */
  readonly target: readonly OrderTerm[] | null;
  readonly targetWhere: Expression | null;
  /** Null: DO NOTHING. */
  readonly set: readonly Assignment[] | null;
  readonly where: Expression | null;
}

export interface Insert extends Span {
  readonly kind: "insert";
  readonly with: With | null;
  readonly verb: "INSERT" | "REPLACE";
  readonly or: ConflictAction | null;
  readonly target: WriteTarget;
  readonly columns: readonly Name[] | null;
  /** Null: DEFAULT VALUES. */
  readonly source: Select | null;
  readonly upserts: readonly Upsert[];
  readonly returning: readonly ResultColumn[] | null;
}

export interface Update extends Span {
  readonly kind: "update";
  readonly with: With | null;
  readonly or: ConflictAction | null;
  readonly target: WriteTarget;
  readonly indexed: Indexed | null;
  readonly set: readonly Assignment[];
  readonly from: From | null;
  readonly where: Expression | null;
  readonly returning: readonly ResultColumn[] | null;
  /** Known to some builds of SQLite only, as LIMIT is. */
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Limit | null;
}

export interface Delete extends Span {
  readonly kind: "delete";
  readonly with: With | null;
  readonly target: WriteTarget;
  readonly indexed: Indexed | null;
  readonly where: Expression | null;
  readonly returning: readonly ResultColumn[] | null;
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Limit | null;
}
