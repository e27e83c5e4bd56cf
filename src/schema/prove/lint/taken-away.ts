import type { Node } from "libpg-query";
import type { PgStatement } from "./pg-statements.ts";

/** A table as a statement names it; null: found by search_path. */
export interface NamedTable {
  readonly schema: string | null;
  readonly name: string;
}

/** What a statement takes away, or what it does to the names of later ones. */
export type Effect =
  | { readonly kind: "dropped" | "emptied" | "deleted-from" | "changed"; readonly table: NamedTable }
  | { readonly kind: "column-dropped" | "column-retyped"; readonly table: NamedTable; readonly column: string }
  | { readonly kind: "schema-dropped"; readonly schema: string }
  | { readonly kind: "renamed"; readonly table: NamedTable; readonly to: string }
  | { readonly kind: "column-renamed"; readonly table: NamedTable; readonly column: string; readonly to: string }
  | { readonly kind: "moved"; readonly table: NamedTable; readonly to: string }
  /** Only PostgreSQL knows what it does: code, or what depends on a type. */
  | { readonly kind: "unknown"; readonly what: string };

/** The effects of statements on tables and their values, as far as their text tells. */
export function effectsOf(statements: readonly PgStatement[]): Effect[] {
  return statements.flatMap(({ node }) => effectOf(node));
}

function effectOf(node: Node): Effect[] {
  if ("DropStmt" in node) return dropped(node.DropStmt);
  if ("AlterTableStmt" in node) return altered(node.AlterTableStmt);
  if ("TruncateStmt" in node) return node.TruncateStmt.relations?.flatMap((part) => emptied(part)) ?? [];
  if ("DeleteStmt" in node) return named("deleted-from", node.DeleteStmt.relation);
  if ("UpdateStmt" in node) return named("changed", node.UpdateStmt.relation);
  if ("RenameStmt" in node) return renamed(node.RenameStmt);
  if ("AlterObjectSchemaStmt" in node) {
    const { newschema = "", objectType, relation } = node.AlterObjectSchemaStmt;
    return objectType === "OBJECT_TABLE" && relation !== undefined
      ? [{ kind: "moved", table: tableNamed(relation), to: newschema }]
      : [];
  }
  if ("DoStmt" in node) return [{ kind: "unknown", what: "a DO block" }];
  if ("CallStmt" in node) return [{ kind: "unknown", what: "a procedure" }];
  if ("ExecuteStmt" in node) return [{ kind: "unknown", what: "a prepared statement" }];
  if ("DropOwnedStmt" in node) return [{ kind: "unknown", what: "DROP OWNED" }];
  return "SelectStmt" in node || "InsertStmt" in node ? hidden(node) : [];
}

type Body<Key extends string> = Extract<Node, Record<Key, unknown>>[Key & keyof Extract<Node, Record<Key, unknown>>];

/** Objects whose CASCADE ends with views, defaults, keys and triggers: no value goes with them. */
const WITHOUT_VALUES = new Set(["OBJECT_VIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE", "OBJECT_TRIGGER", "OBJECT_RULE"]);

function dropped({ behavior, objects = [], removeType = "OBJECT_TABLE" }: Body<"DropStmt">): Effect[] {
  if (removeType === "OBJECT_TABLE" || removeType === "OBJECT_MATVIEW")
    return objects.map((object) => ({ kind: "dropped", table: listed(object) }));
  if (removeType === "OBJECT_SCHEMA") {
    if (behavior !== "DROP_CASCADE") return [];
    return objects.map((object) => ({ kind: "schema-dropped", schema: textOf(object) }));
  }
  const isHarmless = behavior !== "DROP_CASCADE" || WITHOUT_VALUES.has(removeType);
  if (isHarmless) return [];
  const what = removeType.replace("OBJECT_", "").replaceAll("_", " ");
  return [{ kind: "unknown", what: `DROP ${what} … CASCADE` }];
}

function altered({ cmds = [], objtype, relation }: Body<"AlterTableStmt">): Effect[] {
  if (objtype !== "OBJECT_TABLE" || relation === undefined) return [];
  const table = tableNamed(relation);
  return cmds.flatMap((part): Effect[] => {
    if (!("AlterTableCmd" in part)) return [];
    const { name: column = "", subtype } = part.AlterTableCmd;
    if (subtype === "AT_DropColumn") return [{ kind: "column-dropped", table, column }];
    return subtype === "AT_AlterColumnType" ? [{ kind: "column-retyped", table, column }] : [];
  });
}

function renamed({ newname: to = "", relation, renameType, subname: column = "" }: Body<"RenameStmt">): Effect[] {
  if (relation === undefined) return [];
  const table = tableNamed(relation);
  if (renameType === "OBJECT_TABLE") return [{ kind: "renamed", table, to }];
  return renameType === "OBJECT_COLUMN" ? [{ kind: "column-renamed", table, column, to }] : [];
}

function emptied(part: Node): Effect[] {
  return "RangeVar" in part ? [{ kind: "emptied", table: tableNamed(part.RangeVar) }] : [];
}

function named(kind: "deleted-from" | "changed", relation: Body<"RangeVar"> | undefined): Effect[] {
  return relation === undefined ? [] : [{ kind, table: tableNamed(relation) }];
}

function tableNamed({ relname = "", schemaname }: Body<"RangeVar">): NamedTable {
  return { schema: schemaname ?? null, name: relname };
}

function listed(object: Node): NamedTable {
  const parts = "List" in object ? (object.List.items ?? []).map(textOf) : [textOf(object)];
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" };
}

function textOf(node: Node): string {
  return "String" in node ? (node.String.sval ?? "") : "";
}

/** Functions that down sections call, and which take nothing away. */
const HARMLESS = new Set(["setval", "nextval", "currval", "set_config", "pg_notify", "now", "coalesce", "max", "min"]);

/** A query may call functions, or write in a WITH. */
function hidden(node: unknown): Effect[] {
  if (typeof node !== "object" || node === null) return [];
  const { DeleteStmt, FuncCall, UpdateStmt } = node as Partial<
    Record<"DeleteStmt" | "UpdateStmt" | "FuncCall", { readonly funcname?: readonly Node[] }>
  >;
  if (DeleteStmt !== undefined || UpdateStmt !== undefined) return effectOf(node as Node);
  const name = FuncCall?.funcname?.at(-1);
  const called = name === undefined ? "" : textOf(name);
  if (called !== "" && !HARMLESS.has(called)) return [{ kind: "unknown", what: `the function ${called}` }];
  return Object.values(node).flatMap(hidden);
}
