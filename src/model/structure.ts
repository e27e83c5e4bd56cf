import type { ObjectKind, SchemaObject } from "./left-out.ts";

/** One object of the target's schema, next to tables and their columns' types. */
export interface StructureObject {
  readonly kind: ObjectKind;
  /** The table that it is on; its own name for a view. */
  readonly table: string;
  readonly name: string;
  /** Columns of the table that it is about, in expressions and conditions too; null where that is not known. */
  readonly columns: readonly string[] | null;
}

/** Whether the target has what does the same as an object of the source, or is called so: then someone made it. */
export function isThere(wanted: SchemaObject, structure: readonly StructureObject[]): boolean {
  const ofTable = structure.filter(({ table }) => same(table, wanted.targetTable ?? wanted.name));
  const onColumn = (kind: ObjectKind) =>
    ofTable.some((found) => found.kind === kind && same(found.name, wanted.targetColumns?.[0] ?? wanted.name));
  const called = (...kinds: readonly ObjectKind[]) =>
    ofTable.some((found) => kinds.includes(found.kind) && same(found.name, wanted.name));
  switch (wanted.kind) {
    case "trigger":
      return called("trigger");
    case "view":
      return isRelation(structure, wanted.targetTable ?? wanted.name);
    case "virtual-table":
      return isRelation(structure, wanted.name);
    case "default":
      return onColumn("default") || onColumn("identity") || onColumn("generated-column");
    case "identity":
      return onColumn("default") || onColumn("identity");
    case "generated-column":
    case "not-null":
    case "collation":
      return onColumn(wanted.kind);
    case "check":
      return called("check") || ofTable.some((found) => found.kind === "check" && isWithin(found, wanted));
    case "foreign-key":
      return called("foreign-key") || ofTable.some((found) => found.kind === "foreign-key" && isSame(found, wanted));
    // What is unique in fewer columns is unique in more.
    case "unique-index":
    case "primary-key":
      return (
        called("unique-index") || ofTable.some((found) => found.kind === "unique-index" && isWithin(found, wanted))
      );
    case "index":
      return (
        called("index", "unique-index") ||
        ofTable.some((found) => (found.kind === "index" || found.kind === "unique-index") && isSame(found, wanted))
      );
    default:
      return false;
  }
}

/** What of a schema may be mended in the target, by whoever has read of it. */
export function isMendable({ kind }: SchemaObject, change: string): boolean {
  return change === "left-out" || (change === "changed" && (kind === "collation" || kind === "generated-column"));
}

function isRelation(structure: readonly StructureObject[], wanted: string): boolean {
  return structure.some(({ kind, name }) => (kind === "view" || kind === "table") && same(name, wanted));
}

function isWithin({ columns }: StructureObject, { targetColumns = [] }: SchemaObject): boolean {
  if (columns === null || columns.length === 0) return false;
  return columns.every((column) => targetColumns.some((wanted) => same(column, wanted)));
}

function isSame(found: StructureObject, wanted: SchemaObject): boolean {
  return isWithin(found, wanted) && found.columns?.length === wanted.targetColumns?.length;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
