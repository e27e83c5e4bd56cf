import type { AlterTableType, Node } from "libpg-query";
import { type World, tableOf } from "./world.ts";

/** Parts of ALTER TABLE beside which others go on reading and writing. */
const GENTLE: ReadonlySet<AlterTableType | undefined> = new Set<AlterTableType | undefined>(["AT_ValidateConstraint", "AT_SetStatistics", "AT_AttachPartition", "AT_ClusterOn", "AT_DropCluster"]);

/** Tables that others may be using, and that a statement locks against them, if only for a moment: it waits for them, and they wait behind it. */
export function lockedTables(node: Node, world: World): string[] {
  return tablesOf(node).filter((table) => world.exists(table));
}

function tablesOf(node: Node): string[] {
  if ("AlterTableStmt" in node) {
    const { cmds = [], objtype, relation } = node.AlterTableStmt;
    if (objtype !== "OBJECT_TABLE") return [];
    const parts = cmds.flatMap((part) => ("AlterTableCmd" in part ? [part.AlterTableCmd] : []));
    if (parts.every(({ subtype }) => GENTLE.has(subtype))) return [];
    const parents = parts.flatMap(({ def }) => (def !== undefined && "Constraint" in def && def.Constraint.pktable !== undefined ? [tableOf(def.Constraint.pktable)] : []));
    return [tableOf(relation), ...parents];
  }
  if ("CreateStmt" in node) {
    return (node.CreateStmt.tableElts ?? []).flatMap((part) => {
      const constraints = "Constraint" in part ? [part] : "ColumnDef" in part ? (part.ColumnDef.constraints ?? []) : [];
      return constraints.flatMap((one) => ("Constraint" in one && one.Constraint.pktable !== undefined ? [tableOf(one.Constraint.pktable)] : []));
    });
  }
  if ("IndexStmt" in node) return node.IndexStmt.concurrent === true ? [] : [tableOf(node.IndexStmt.relation)];
  if ("CreateTrigStmt" in node) return [tableOf(node.CreateTrigStmt.relation)];
  if ("RenameStmt" in node) return node.RenameStmt.renameType === "OBJECT_TABLE" || node.RenameStmt.renameType === "OBJECT_COLUMN" ? [tableOf(node.RenameStmt.relation)] : [];
  if ("DropStmt" in node) return node.DropStmt.removeType === "OBJECT_TABLE" ? droppedNames(node.DropStmt.objects ?? []) : node.DropStmt.removeType === "OBJECT_TRIGGER" || node.DropStmt.removeType === "OBJECT_POLICY" ? droppedNames(node.DropStmt.objects ?? [], 1) : [];
  if ("TruncateStmt" in node) return relationsOf(node.TruncateStmt.relations ?? []);
  if ("LockStmt" in node) return relationsOf(node.LockStmt.relations ?? []);
  if ("CreatePolicyStmt" in node) return [tableOf(node.CreatePolicyStmt.table)];
  if ("RuleStmt" in node) return [tableOf(node.RuleStmt.relation)];
  return [];
}

export function relationsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => ("RangeVar" in node ? [tableOf(node.RangeVar)] : []));
}

/** The names in a DROP; `last` says how many parts at the end are not the table's. */
export function droppedNames(objects: readonly Node[], last = 0): string[] {
  return objects.flatMap((object) => {
    if (!("List" in object)) return [];
    const parts = (object.List.items ?? []).flatMap((item) => ("String" in item ? [item.String.sval ?? ""] : []));
    const named = last === 0 ? parts : parts.slice(0, -last);
    const [relname, schemaname] = [...named].reverse();
    return relname === undefined ? [] : [tableOf({ relname, ...(schemaname === undefined ? {} : { schemaname }) })];
  });
}
