import { createHash } from "node:crypto";
import { basename } from "node:path";
import { UsageError } from "../errors.ts";

const MAX_NAME = 63;

/** The tenant's name by a pattern: its group `name`, or its first. Without one: the file's name, less its ending. */
export function tenantNameOf(source: string, pattern: RegExp | null): string {
  if (pattern === null) return basename(source).replace(/(?<=.)\.[^.]*$/, "");
  const match = pattern.exec(source);
  const name = match?.groups?.["name"] ?? match?.[1];
  if (name !== undefined && name !== "") return name;
  throw new UsageError({
    code: "FLEET_NAMES",
    message: `--name-pattern finds no name in ${source}`,
    hint: "give a regular expression with a group, such as '/tenants/([^/]+)/app\\.db$'",
  });
}

/** The names of a tenant's schemas. */
export function schemasOf(tenant: string, pattern: string): { readonly schema: string; readonly stateSchema: string } {
  const folded = tenant.toLowerCase().replace(/[^a-z0-9_]+/g, "_");
  const named = pattern.replaceAll("{tenant}", folded);
  const schema = /^(pg_|changeover(_|$)|information_schema$|public$)/.test(named) ? `t_${named}` : named;
  return { schema: shortened(schema, tenant), stateSchema: shortened(`changeover_t_${folded}`, tenant) };
}

function shortened(name: string, tenant: string): string {
  if (name.length <= MAX_NAME) return name;
  return `${name.slice(0, MAX_NAME - 9)}_${createHash("sha256").update(tenant).digest("hex").slice(0, 8)}`;
}

/** Throws if two tenants would meet in one schema. */
export function refuseSameNames(
  tenants: readonly { readonly name: string; readonly schema: string; readonly source: string }[],
): void {
  const seen = new Map<string, string>();
  for (const { name, schema, source } of tenants)
    for (const key of [`tenant ${name}`, `schema ${schema}`]) {
      const other = seen.get(key);
      seen.set(key, source);
      if (other === undefined) continue;
      throw new UsageError({
        code: "FLEET_NAMES",
        message: `${other} and ${source} would both be the ${key}`,
        hint: "give --name-pattern with a part of the path that tells them apart, or names of your own by --list",
        context: { sources: [other, source] },
      });
    }
}
