import type { MigrationSql } from "../migrate/render-migration.ts";
import { type PgStatement, parsePgStatements } from "./lint/pg-statements.ts";
import { blockOf } from "./lint/server-wide.ts";

/** Roles that statements name in grants, in policies and as owners. */
export async function rolesIn(texts: readonly MigrationSql[]): Promise<string[]> {
  const found = new Set<string>();
  for (const text of texts) {
    const parsed = await parsePgStatements(text);
    for (const { node } of "statements" in parsed ? parsed.statements : []) collect(node, found);
  }
  return [...found];
}

/** The same of one statement. */
export function rolesOf(node: PgStatement["node"]): ReadonlySet<string> {
  const found = new Set<string>();
  collect(node, found);
  return found;
}

/** The role that a statement creates, or that it gives this name; or null. */
export function createdRole(node: PgStatement["node"]): string | null {
  if ("RenameStmt" in node && node.RenameStmt.renameType === "OBJECT_ROLE") return node.RenameStmt.newname ?? null;
  if ("CreateRoleStmt" in node) return node.CreateRoleStmt.role ?? null;
  const [, quoted, plain] = /\bcreate\s+(?:role|user|group)\s+(?:"([^"]+)"|(\w+))/i.exec(blockOf(node) ?? "") ?? [];
  return quoted ?? plain?.toLowerCase() ?? null;
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  const { rolename, roletype } = node as { readonly roletype?: unknown; readonly rolename?: unknown };
  if (roletype === "ROLESPEC_CSTRING" && typeof rolename === "string") found.add(rolename);
  for (const part of Object.values(node)) collect(part, found);
}
