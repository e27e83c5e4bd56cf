import type { Expression, Name, QualifiedName, Span } from "./ast-expression.ts";
import type { Delete, Insert, Select, Update } from "./ast-query.ts";
import type {
  AlterTable,
  CreateIndex,
  CreateTable,
  CreateTrigger,
  CreateView,
  CreateVirtualTable,
} from "./ast-schema.ts";

export type Statement =
  | Select
  | Insert
  | Update
  | Delete
  | CreateTable
  | CreateIndex
  | CreateView
  | CreateTrigger
  | CreateVirtualTable
  | AlterTable
  | (Span & {
      readonly kind: "drop";
      readonly what: "TABLE" | "VIEW" | "INDEX" | "TRIGGER";
      readonly ifExists: boolean;
      readonly name: QualifiedName;
    })
  | (Span & { readonly kind: "begin"; readonly mode: "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE" | "READONLY" | null })
  | (Span & { readonly kind: "commit" })
  /** To a savepoint, if it names one. */
  | (Span & { readonly kind: "rollback"; readonly savepoint: Name | null })
  | (Span & { readonly kind: "savepoint"; readonly name: Name })
  | (Span & { readonly kind: "release"; readonly name: Name })
  | (Span & {
      readonly kind: "attach";
      readonly file: Expression;
      readonly schema: Expression;
      readonly key: Expression | null;
    })
  | (Span & { readonly kind: "detach"; readonly schema: Expression })
  | (Span & { readonly kind: "vacuum"; readonly schema: Name | null; readonly into: Expression | null })
  | (Span & { readonly kind: "analyze" | "reindex"; readonly name: QualifiedName | null })
  | (Span & {
      readonly kind: "pragma";
      readonly name: QualifiedName;
      /** The text of its value. */
      readonly value: string | null;
      readonly form: "=" | "()" | null;
    })
  /** libSQL's functions in WebAssembly. */
  | (Span & {
      readonly kind: "createFunction";
      readonly ifNotExists: boolean;
      readonly name: Name;
      readonly language: Name;
      readonly body: Name;
    })
  | (Span & { readonly kind: "dropFunction"; readonly ifExists: boolean; readonly name: Name })
  | (Span & { readonly kind: "explain"; readonly queryPlan: boolean; readonly statement: Statement });
