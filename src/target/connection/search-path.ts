import { TargetError } from "../../errors.ts";
import { pgName, pgString } from "../../quote.ts";
import { DEFAULT_STATE_SCHEMA } from "../state-schema.ts";
import type { Connection } from "./resolve-connection.ts";

export type SchemasOfRun = Pick<Connection, "schema" | "stateSchema">;

/**
 * SQL that puts the schema of the user's tables before the others of the role's search_path, which may hold extensions.
 * For a role named like a state schema, "$user" must not mean that.
 */
export function renderSearchPath({ schema, stateSchema }: SchemasOfRun, scope: "session" | "transaction"): string {
  const others =
    `case when current_user in (${pgString(DEFAULT_STATE_SCHEMA)}, ${pgString(stateSchema)}) ` +
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
