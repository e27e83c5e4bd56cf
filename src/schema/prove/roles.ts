import type { MigrationSql } from "../migrate/render-migration.ts";
import { parsePgStatements } from "./lint/pg-statements.ts";

/** Roles that statements name in grants, in policies and as owners. */
export async function rolesIn(texts: readonly MigrationSql[]): Promise<string[]> {
  const found = new Set<string>();
  for (const text of texts) {
    const parsed = await parsePgStatements(text);
    for (const { node } of "statements" in parsed ? parsed.statements : []) collect(node, found);
  }
  return [...found];
}

function collect(node: unknown, found: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  const { rolename, roletype } = node as { readonly roletype?: unknown; readonly rolename?: unknown };
  if (roletype === "ROLESPEC_CSTRING" && typeof rolename === "string") found.add(rolename);
  for (const part of Object.values(node)) collect(part, found);
}
