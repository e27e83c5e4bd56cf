import type { SourceSchema } from "./source-schema.ts";

/** A source's catalogue, with what tells a table from another one of the same name. */
export interface CapturedCatalogue {
  readonly schema: SourceSchema;
  /** By the table's name. */
  readonly places: Readonly<Record<string, TablePlace>>;
}

export interface TablePlace {
  /** Where the table begins in the file: ALTER TABLE keeps it, and a table that is made again has another one. */
  readonly rootPage: number;
  /** The number by which its rows are logged; null where it has no capture: a table that is dropped takes it along. */
  readonly captureId: number | null;
}

/**
 * Whether an object was renamed. `sure`: SQLite has no other way to get there. `likely`: everything speaks for it, but
 * one column that was dropped and another that was added would look the same.
 */
export type Certainty = "sure" | "likely";

export type ConstraintKind = "check" | "foreign-key" | "unique" | "primary-key";

/** What a column says of its values, besides its type. */
export type ColumnTrait = "not-null" | "default" | "collation" | "generated";

/** What happened to a source's schema, in the words of SQLite's own statements. Names are those of the source. */
export type SchemaChange =
  | { readonly kind: "table-created"; readonly table: string; readonly sql: string }
  | { readonly kind: "table-dropped"; readonly table: string }
  | { readonly kind: "table-renamed"; readonly table: string; readonly to: string; readonly certainty: Certainty }
  /** Made again under its name: by the twelve steps of SQLite's manual, or any others. Its rows may be others, too. */
  | { readonly kind: "table-rebuilt"; readonly table: string }
  /** Its rows have no key, and VACUUM may have given them other rowids. */
  | { readonly kind: "rows-renumbered"; readonly table: string }
  | { readonly kind: "table-option-changed"; readonly table: string; readonly option: string; readonly on: boolean }
  | ColumnAdded
  | { readonly kind: "column-dropped"; readonly table: string; readonly column: string }
  | {
      readonly kind: "column-renamed";
      readonly table: string;
      readonly column: string;
      readonly to: string;
      readonly certainty: Certainty;
    }
  | {
      readonly kind: "column-type-changed";
      readonly table: string;
      readonly column: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: "column-trait-changed";
      readonly table: string;
      readonly column: string;
      readonly trait: ColumnTrait;
      readonly from: string | null;
      readonly to: string | null;
    }
  | {
      readonly kind: "constraint-added" | "constraint-dropped";
      readonly table: string;
      readonly constraint: ConstraintKind;
      readonly sql: string;
    }
  | {
      readonly kind: "index-created" | "index-dropped";
      readonly table: string;
      readonly index: string;
      readonly unique: boolean;
      readonly sql: string | null;
    }
  | { readonly kind: "view-created" | "view-dropped" | "view-changed"; readonly view: string }
  | {
      readonly kind: "trigger-created" | "trigger-dropped" | "trigger-changed";
      readonly table: string;
      readonly trigger: string;
    };

export interface ColumnAdded {
  readonly kind: "column-added";
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly notNull: boolean;
  /** What rows have there that were written before: SQL of SQLite's, or null for NULL. */
  readonly default: string | null;
  readonly generated: boolean;
}
