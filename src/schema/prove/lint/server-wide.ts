import type { Node } from "libpg-query";
import type { Concern } from "./warning.ts";

/** Statements that affect more than one database. */
export function clusterWide(node: Node): Concern[] {
  const what = STATEMENTS[Object.keys(node)[0] ?? ""] ?? byObject(node) ?? inBlock(node);
  return what === undefined
    ? []
    : [
        {
          code: "CLUSTER_WIDE",
          object: what,
          message: `changes ${what}, which belongs to the server and affects its other databases`,
          hint: "keep it out of the migrations, in the scripts that set up the server",
        },
      ];
}

const STATEMENTS: Readonly<Record<string, string>> = {
  CreateRoleStmt: "a role",
  AlterRoleStmt: "a role",
  AlterRoleSetStmt: "a role",
  DropRoleStmt: "a role",
  GrantRoleStmt: "membership of a role",
  // Both reach databases and tablespaces that the role owns, or has rights on.
  ReassignOwnedStmt: "what a role owns",
  DropOwnedStmt: "what a role owns",
  CreatedbStmt: "a database",
  DropdbStmt: "a database",
  AlterDatabaseStmt: "a database by its name",
  AlterDatabaseSetStmt: "a database by its name",
  AlterDatabaseRefreshCollStmt: "a database by its name",
  CreateTableSpaceStmt: "a tablespace",
  DropTableSpaceStmt: "a tablespace",
  AlterTableSpaceOptionsStmt: "a tablespace",
  AlterSystemStmt: "the server's settings",
  // It makes or drops a slot on the server that it copies from.
  CreateSubscriptionStmt: "a subscription",
  AlterSubscriptionStmt: "a subscription",
  DropSubscriptionStmt: "a subscription",
};

const OBJECTS: Readonly<Record<string, string>> = {
  OBJECT_ROLE: "a role",
  OBJECT_DATABASE: "a database by its name",
  OBJECT_TABLESPACE: "a tablespace",
  OBJECT_PARAMETER_ACL: "the server's settings",
  OBJECT_SUBSCRIPTION: "a subscription",
};

/** Renames, owners, grants and comments: of most objects they concern one database. */
function byObject(node: Node): string | undefined {
  if ("RenameStmt" in node) return OBJECTS[node.RenameStmt.renameType ?? ""];
  if ("AlterOwnerStmt" in node) return OBJECTS[node.AlterOwnerStmt.objectType ?? ""];
  if ("GrantStmt" in node) return OBJECTS[node.GrantStmt.objtype ?? ""];
  if ("CommentStmt" in node) return OBJECTS[node.CommentStmt.objtype ?? ""];
  if ("SecLabelStmt" in node) return OBJECTS[node.SecLabelStmt.objtype ?? ""];
  return undefined;
}

const OF_SERVER = new RegExp(
  "\\b(?:(?:create|alter|drop)\\s+(role|user|group|database|tablespace|system|subscription)\\b(?!\\s+mapping)|" +
    "(?:reassign|drop)\\s+(owned)\\s+by\\b)",
  "i",
);

/** The same within a DO block, which is how people write `create role if not exists`. */
function inBlock(node: Node): string | undefined {
  const [, object, owned] = OF_SERVER.exec(blockOf(node) ?? "") ?? [];
  if (owned !== undefined) return STATEMENTS["DropOwnedStmt"];
  if (object === undefined) return undefined;
  return /role|user|group/i.test(object)
    ? "a role"
    : `a ${object.toLowerCase()}`.replace("a system", "the server's settings");
}

/** The body of a DO block; null for any other statement. */
export function blockOf(node: Node): string | null {
  if (!("DoStmt" in node)) return null;
  for (const part of node.DoStmt.args ?? [])
    if ("DefElem" in part && part.DefElem.defname === "as" && part.DefElem.arg !== undefined)
      return "String" in part.DefElem.arg ? (part.DefElem.arg.String.sval ?? null) : null;
  return null;
}
