import type { AlterTableCmd, Node } from "libpg-query";
import { tableOf, type World } from "./world.ts";

/** ALTER TABLE commands that block neither reads nor writes. */
const NON_BLOCKING: ReadonlySet<AlterTableCmd["subtype"]> = new Set<AlterTableCmd["subtype"]>([
  "AT_ValidateConstraint",
  "AT_SetStatistics",
  "AT_AttachPartition",
  "AT_ClusterOn",
  "AT_DropCluster",
]);

// AccessShareLock is 1, ShareUpdateExclusiveLock 4: these block neither reads nor writes.
const SHARE_LOCK = 5;

/**
 * Existing tables that a statement locks against reads or writes, however briefly: it waits for running transactions,
 * and others wait behind it. test/schema/prove/agrees-with-postgresql.db.test.ts compares this with PostgreSQL.
 */
export function lockedTables(node: Node, world: World): string[] {
  return [...new Set(tablesOf(node, world))].filter((table) => world.exists(table));
}

function tablesOf(node: Node, world: World): string[] {
  if ("AlterTableStmt" in node) {
    const { cmds = [], objtype, relation } = node.AlterTableStmt;
    const table = tableOf(relation);
    return objtype === "OBJECT_TABLE"
      ? cmds.flatMap((part) => ("AlterTableCmd" in part ? altered(table, part.AlterTableCmd, world) : []))
      : [];
  }
  if ("CreateStmt" in node) {
    const { inhRelations = [], partbound, tableElts = [] } = node.CreateStmt;
    return [...tableElts.flatMap(parentsOf), ...(partbound === undefined ? [] : relationsOf(inhRelations))];
  }
  if ("IndexStmt" in node) return node.IndexStmt.concurrent === true ? [] : [tableOf(node.IndexStmt.relation)];
  if ("ReindexStmt" in node) return reindexed(node.ReindexStmt, world);
  if ("ClusterStmt" in node) return node.ClusterStmt.relation === undefined ? [] : [tableOf(node.ClusterStmt.relation)];
  if ("RefreshMatViewStmt" in node)
    return node.RefreshMatViewStmt.concurrent === true ? [] : [tableOf(node.RefreshMatViewStmt.relation)];
  if ("CreateTrigStmt" in node) return [tableOf(node.CreateTrigStmt.relation)];
  if ("RenameStmt" in node)
    return ["OBJECT_TABLE", "OBJECT_COLUMN", "OBJECT_TABCONSTRAINT"].includes(node.RenameStmt.renameType ?? "")
      ? [tableOf(node.RenameStmt.relation)]
      : [];
  if ("DropStmt" in node) return dropped(node.DropStmt, world);
  if ("TruncateStmt" in node) return relationsOf(node.TruncateStmt.relations ?? []);
  if ("LockStmt" in node)
    return (node.LockStmt.mode ?? SHARE_LOCK) >= SHARE_LOCK ? relationsOf(node.LockStmt.relations ?? []) : [];
  if ("CreatePolicyStmt" in node) return [tableOf(node.CreatePolicyStmt.table)];
  if ("RuleStmt" in node) return [tableOf(node.RuleStmt.relation)];
  return [];
}

function altered(table: string, { def, name = "", subtype }: AlterTableCmd, world: World): string[] {
  if (subtype === "AT_AttachPartition")
    return def !== undefined && "PartitionCmd" in def ? [tableOf(def.PartitionCmd.name)] : [];
  if (NON_BLOCKING.has(subtype) || isStorageOption(subtype, def)) return [];
  const parents =
    subtype === "AT_DropConstraint" ? world.parentsOf(table, name) : def === undefined ? [] : parentsOf(def);
  return [table, ...parents];
}

/** Storage options, such as fillfactor or autovacuum settings, block nobody. */
function isStorageOption(subtype: AlterTableCmd["subtype"], def: Node | undefined): boolean {
  if (subtype !== "AT_SetRelOptions" && subtype !== "AT_ResetRelOptions") return false;
  const options = def !== undefined && "List" in def ? (def.List.items ?? []) : [];
  return options.every((option) => "DefElem" in option && option.DefElem.defname !== "user_catalog_table");
}

/** Tables that a new column or constraint references. */
function parentsOf(node: Node): string[] {
  if ("Constraint" in node) return node.Constraint.pktable === undefined ? [] : [tableOf(node.Constraint.pktable)];
  return "ColumnDef" in node ? (node.ColumnDef.constraints ?? []).flatMap(parentsOf) : [];
}

function reindexed(
  { kind, params = [], relation }: Extract<Node, { ReindexStmt: unknown }>["ReindexStmt"],
  world: World,
): string[] {
  if (params.some((part) => "DefElem" in part && part.DefElem.defname === "concurrently")) return [];
  if (kind === "REINDEX_OBJECT_TABLE") return [tableOf(relation)];
  return kind === "REINDEX_OBJECT_INDEX" ? world.tableOfIndex(tableOf(relation)) : [];
}

function dropped(
  { concurrent, objects = [], removeType }: Extract<Node, { DropStmt: unknown }>["DropStmt"],
  world: World,
): string[] {
  switch (removeType) {
    case "OBJECT_TABLE":
      return droppedNames(objects).flatMap((table) => [table, ...world.parentsOf(table, null)]);
    case "OBJECT_INDEX":
      return concurrent === true ? [] : droppedNames(objects).flatMap((index) => world.tableOfIndex(index));
    case "OBJECT_TRIGGER":
    case "OBJECT_POLICY":
    case "OBJECT_RULE":
      return droppedNames(objects, 1);
    default:
      return [];
  }
}

export function relationsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => ("RangeVar" in node ? [tableOf(node.RangeVar)] : []));
}

/** Table names in a DROP; `last`: number of trailing name parts that are not the table's. */
export function droppedNames(objects: readonly Node[], last = 0): string[] {
  return objects.flatMap((object) => {
    if (!("List" in object)) return [];
    const parts = (object.List.items ?? []).flatMap((item) => ("String" in item ? [item.String.sval ?? ""] : []));
    const named = last === 0 ? parts : parts.slice(0, -last);
    const [relname, schemaname] = [...named].reverse();
    return relname === undefined ? [] : [tableOf({ relname, ...(schemaname === undefined ? {} : { schemaname }) })];
  });
}
