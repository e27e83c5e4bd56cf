import { TargetError } from "../../errors.ts";
import { pgName, pgString } from "../../quote.ts";

/** changeover's own schema. A role of that name has it as "$user" in its search_path. */
export const OWN_SCHEMA = "changeover";

/**
 * SQL that puts the schema of the user's tables before the others of the role's search_path, which may hold extensions.
 * "$user" must not mean our own schema.
 */
export function renderSearchPath(schema: string | null, scope: "session" | "transaction"): string {
  const others =
    `case when current_user = ${pgString(OWN_SCHEMA)} ` +
    `then coalesce(nullif(regexp_replace(current_setting('search_path'), '"?\\$user"?\\s*,?\\s*', ''), ''), ` +
    "'public') " +
    "else current_setting('search_path') end";
  const first = schema === null ? "" : `${pgString(pgName(schema))}, `;
  return `select set_config('search_path', concat_ws(', ', ${first}nullif(${others}, '')), ${scope === "transaction"})`;
}

export function schemaMissingError(schema: string, location: string): TargetError {
  return new TargetError({
    code: "TARGET_SCHEMA_MISSING",
    message: `the target has no schema ${schema}, or its role may not use it: ${location}`,
    hint: `as the database's owner: CREATE SCHEMA ${pgName(schema)} AUTHORIZATION …; or correct --schema`,
    context: { location, schema },
  });
}
