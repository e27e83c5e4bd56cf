import type { Expression, Name, OrderTerm, QualifiedName, Span, TypeName } from "./ast-expression.ts";
import type { ConflictAction, Delete, Insert, NamedColumn, Select, Update } from "./ast-query.ts";

export interface ColumnDefinition extends Span {
  readonly name: Name;
  readonly type: TypeName | null;
  readonly constraints: readonly ColumnConstraint[];
}

export interface References {
  readonly table: Name;
  readonly columns: readonly NamedColumn[] | null;
  readonly args: readonly ReferenceArg[];
}

export type ReferenceArg =
  | { readonly kind: "match"; readonly name: Name }
  | {
      readonly kind: "on";
      readonly event: "INSERT" | "DELETE" | "UPDATE";
      readonly action: "SET NULL" | "SET DEFAULT" | "CASCADE" | "RESTRICT" | "NO ACTION";
    };

export interface Deferral {
  readonly kind: "deferral";
  readonly not: boolean;
  readonly initially: "DEFERRED" | "IMMEDIATE" | null;
}

export type ColumnConstraint = Span &
  (
    | { readonly kind: "constraint"; readonly name: Name }
    /** An expression in parentheses, or a constant with or without its sign, or a bare word, which is a string. */
    | { readonly kind: "default"; readonly value: Expression; readonly form: "expression" | "constant" | "word" }
    | { readonly kind: "null"; readonly conflict: ConflictAction | null }
    | { readonly kind: "notNull"; readonly conflict: ConflictAction | null }
    | {
        readonly kind: "primaryKey";
        readonly direction: "ASC" | "DESC" | null;
        readonly conflict: ConflictAction | null;
        readonly autoincrement: boolean;
      }
    | { readonly kind: "unique"; readonly conflict: ConflictAction | null }
    | { readonly kind: "check"; readonly expression: Expression }
    | ({ readonly kind: "references" } & References)
    | Deferral
    | { readonly kind: "collate"; readonly collation: Name }
    | { readonly kind: "generated"; readonly expression: Expression; readonly storage: Name | null }
  );

export type TableConstraint = Span &
  (
    | { readonly kind: "constraint"; readonly name: Name }
    | {
        readonly kind: "primaryKey";
        readonly terms: readonly OrderTerm[];
        readonly autoincrement: boolean;
        readonly conflict: ConflictAction | null;
      }
    | { readonly kind: "unique"; readonly terms: readonly OrderTerm[]; readonly conflict: ConflictAction | null }
    | { readonly kind: "check"; readonly expression: Expression; readonly conflict: ConflictAction | null }
    | {
        readonly kind: "foreignKey";
        readonly columns: readonly NamedColumn[];
        readonly references: References;
        readonly deferral: Deferral | null;
      }
  );

/** RANDOM ROWID is libSQL's. */
export type TableOption = "WITHOUT ROWID" | "STRICT" | "RANDOM ROWID";

export interface CreateTable extends Span {
  readonly kind: "createTable";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly table: QualifiedName;
  readonly content:
    | {
        readonly kind: "columns";
        readonly columns: readonly ColumnDefinition[];
        readonly constraints: readonly TableConstraint[];
        readonly options: readonly TableOption[];
      }
    | { readonly kind: "as"; readonly select: Select };
}

export interface CreateIndex extends Span {
  readonly kind: "createIndex";
  readonly unique: boolean;
  readonly ifNotExists: boolean;
  readonly index: QualifiedName;
  readonly table: Name;
  readonly terms: readonly OrderTerm[];
  readonly where: Expression | null;
}

export interface CreateView extends Span {
  readonly kind: "createView";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly view: QualifiedName;
  readonly columns: readonly NamedColumn[] | null;
  readonly select: Select;
}

export interface CreateTrigger extends Span {
  readonly kind: "createTrigger";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly trigger: QualifiedName;
  readonly time: "BEFORE" | "AFTER" | "INSTEAD OF" | null;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** UPDATE OF these. */
  readonly columns: readonly Name[] | null;
  readonly table: QualifiedName;
  readonly forEachRow: boolean;
  readonly when: Expression | null;
  readonly steps: readonly (Select | Insert | Update | Delete)[];
}

export interface CreateVirtualTable extends Span {
  readonly kind: "createVirtualTable";
  readonly ifNotExists: boolean;
  readonly table: QualifiedName;
  readonly module: Name;
  /** The text of each argument; null without parentheses. */
  readonly args: readonly string[] | null;
}

export interface AlterTable extends Span {
  readonly kind: "alterTable";
  readonly table: QualifiedName;
  readonly change:
    | { readonly kind: "renameTable"; readonly to: Name }
    | { readonly kind: "renameColumn"; readonly column: Name; readonly to: Name }
    | { readonly kind: "addColumn"; readonly column: ColumnDefinition }
    | { readonly kind: "dropColumn"; readonly column: Name }
    /** libSQL's ALTER COLUMN … TO. */
    | { readonly kind: "alterColumn"; readonly column: Name; readonly to: ColumnDefinition };
}
