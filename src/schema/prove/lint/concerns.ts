import type { Node } from "libpg-query";
import { alterTable } from "./alter-table.ts";
import { droppedNames, relationsOf } from "./locks.ts";
import type { PgStatement } from "./pg-statements.ts";
import { clusterWide } from "./server-wide.ts";
import type { Concern } from "./warning.ts";
import { tableOf, type World } from "./world.ts";

/** Concerns about one statement in production; updates the world. */
export function concernsOf({ node }: PgStatement, world: World): Concern[] {
  if ("AlterTableStmt" in node) {
    const { cmds = [], objtype, relation } = node.AlterTableStmt;
    if (objtype !== "OBJECT_TABLE") return [];
    const table = tableOf(relation);
    const parts = cmds.flatMap((part) => ("AlterTableCmd" in part ? [part.AlterTableCmd] : []));
    for (const { def } of parts) if (def !== undefined) recordReferences(table, def, null, world);
    return parts.flatMap((part) => alterTable(table, part, world));
  }
  updateWorld(node, world);
  return [
    ...indexes(node, world),
    ...losses(node, world),
    ...rewrites(node, world),
    ...writes(node, world),
    ...clusterWide(node),
  ];
}

function updateWorld(node: Node, world: World): void {
  if ("CreateStmt" in node) {
    const table = tableOf(node.CreateStmt.relation);
    world.make(table);
    for (const part of node.CreateStmt.tableElts ?? []) recordReferences(table, part, null, world);
  }
  if ("IndexStmt" in node && node.IndexStmt.idxname !== undefined)
    world.addIndex(
      tableOf({ ...node.IndexStmt.relation, relname: node.IndexStmt.idxname }),
      tableOf(node.IndexStmt.relation),
    );
  if ("CreateTableAsStmt" in node) world.make(tableOf(node.CreateTableAsStmt.into?.rel));
  if ("VariableSetStmt" in node && node.VariableSetStmt.name === "lock_timeout")
    world.lockTimeout = node.VariableSetStmt.kind === "VAR_SET_VALUE" && !isZero(node.VariableSetStmt.args ?? []);
  if ("TransactionStmt" in node) world.beginTransaction();
}

/** A foreign key without a name gets PostgreSQL's default name. */
function recordReferences(table: string, node: Node, column: string | null, world: World): void {
  if ("ColumnDef" in node)
    for (const constraint of node.ColumnDef.constraints ?? [])
      recordReferences(table, constraint, node.ColumnDef.colname ?? null, world);
  if (!("Constraint" in node) || node.Constraint.pktable === undefined) return;
  const columns =
    column === null
      ? (node.Constraint.fk_attrs ?? []).flatMap((item) => ("String" in item ? [item.String.sval ?? ""] : []))
      : [column];
  world.addReference(
    table,
    node.Constraint.conname ?? `${table.replace(/^.*\./, "")}_${columns.join("_")}_fkey`,
    tableOf(node.Constraint.pktable),
  );
}

/** `SET lock_timeout = 0` waits forever. */
function isZero(values: readonly Node[]): boolean {
  return values.some(
    (value) =>
      "A_Const" in value &&
      (/^0\D*$/.test(value.A_Const.sval?.sval ?? "-") ||
        (value.A_Const.ival !== undefined && (value.A_Const.ival.ival ?? 0) === 0)),
  );
}

function indexes(node: Node, world: World): Concern[] {
  if ("IndexStmt" in node) {
    const { concurrent, idxname = "", relation } = node.IndexStmt;
    const table = tableOf(relation);
    if (concurrent === true || !world.isLarge(table)) return [];
    return [
      {
        code: "INDEX_BLOCKS_WRITES",
        object: table,
        message: `builds ${idxname === "" ? "an index" : `the index ${idxname}`} on ${table} while writes to it wait`,
        hint: "CREATE INDEX CONCURRENTLY, in a file of its own: it cannot run in a transaction",
      },
    ];
  }
  if ("ReindexStmt" in node) {
    const { kind, params = [], relation } = node.ReindexStmt;
    const concurrently = params.some((part) => "DefElem" in part && part.DefElem.defname === "concurrently");
    if (concurrently || kind !== "REINDEX_OBJECT_TABLE" || !world.isLarge(tableOf(relation))) return [];
    return [
      {
        code: "INDEX_BLOCKS_WRITES",
        object: tableOf(relation),
        message: `rebuilds all indexes of ${tableOf(relation)} while writes to it wait`,
        hint: "REINDEX TABLE CONCURRENTLY, in a file of its own: it cannot run in a transaction",
      },
    ];
  }
  return [];
}

function losses(node: Node, world: World): Concern[] {
  const advice = "first release an application version that does not use it; keep a copy of it, or a backup";
  const lost = (tables: readonly string[], what: string): Concern[] =>
    tables
      .filter((table) => world.holdsRows(table))
      .map((table) => ({
        code: "DROPS_DATA",
        object: table,
        message: `${what} ${table} with all its rows: the down section cannot restore them`,
        hint: advice,
      }));
  if ("DropStmt" in node && node.DropStmt.removeType === "OBJECT_TABLE")
    return lost(droppedNames(node.DropStmt.objects ?? []), "drops");
  if ("TruncateStmt" in node) return lost(relationsOf(node.TruncateStmt.relations ?? []), "empties");
  if ("RenameStmt" in node) {
    const { newname = "", relation, renameType, subname = "" } = node.RenameStmt;
    const table = tableOf(relation);
    if (renameType !== "OBJECT_TABLE" && renameType !== "OBJECT_COLUMN") return [];
    const existed = world.exists(table);
    if (renameType === "OBJECT_TABLE") world.rename(table, tableOf({ ...relation, relname: newname }));
    if (!existed) return [];
    const what = renameType === "OBJECT_TABLE" ? `the table ${table}` : `the column ${subname} of ${table}`;
    return [
      {
        code: "RENAME_BREAKS_QUERIES",
        object: table,
        message: `renames ${what} to ${newname}: queries of the running application fail immediately`,
        hint:
          renameType === "OBJECT_TABLE"
            ? "keep a view with the old name until no version of the application uses it"
            : "add the new column next to the old one, write both, and drop the old one when no version of the " +
              "application uses it",
      },
    ];
  }
  return [];
}

function rewrites(node: Node, world: World): Concern[] {
  const rewrite = (table: string, what: string): Concern[] =>
    world.isLarge(table)
      ? [
          {
            code: "TABLE_REWRITE",
            object: table,
            message: `${what} rewrites all of ${table}, while reads and writes of it wait`,
            hint: "pg_repack does it while the application runs; or do it in a quiet hour",
          },
        ]
      : [];
  if ("ClusterStmt" in node && node.ClusterStmt.relation !== undefined)
    return rewrite(tableOf(node.ClusterStmt.relation), "CLUSTER");
  if ("RefreshMatViewStmt" in node) {
    const view = tableOf(node.RefreshMatViewStmt.relation);
    if (node.RefreshMatViewStmt.concurrent === true || !world.isLarge(view)) return [];
    return [
      {
        code: "REFRESH_BLOCKS_READS",
        object: view,
        message: `recomputes ${view} while reads of it wait`,
        hint: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index",
      },
    ];
  }
  return [];
}

function writes(node: Node, world: World): Concern[] {
  const written = (table: string, verb: string): Concern[] =>
    world.isLarge(table)
      ? [
          {
            code: "WHOLE_TABLE_WRITTEN",
            object: table,
            message:
              `${verb} each row of ${table} in one transaction: other writes to those rows wait until it ends, and ` +
              "the table doubles its space",
            hint: "do it in batches of some thousand rows, outside the migrations",
          },
        ]
      : [];
  if ("UpdateStmt" in node && node.UpdateStmt.whereClause === undefined)
    return written(tableOf(node.UpdateStmt.relation), "updates");
  if ("DeleteStmt" in node && node.DeleteStmt.whereClause === undefined)
    return written(tableOf(node.DeleteStmt.relation), "deletes");
  return [];
}
