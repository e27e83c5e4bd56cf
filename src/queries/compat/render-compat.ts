import { sql } from "../../sql.ts";
import { COMPAT_OBJECTS, type CompatName, withNeeds } from "./compat-objects.ts";

/** The schema that holds what stands in for SQLite's functions and operators. */
export const COMPAT_SCHEMA = "sqlite_compat";

/** SQL that creates these objects, and what they need, in a schema of their own. */
export function renderCompat(names: readonly CompatName[]): string {
  const parts = withNeeds(names).map((name) => `${sql(`compat/${name}`).trim()}\n${renderMomentArguments(name)}`);
  return [`create schema ${COMPAT_SCHEMA};\n`, ...parts].join("\n");
}

const MOMENT_TYPES = ["timestamp", "timestamptz", "date", "bigint", "double precision"];

/** The same function for values that PostgreSQL holds as dates, timestamps and numbers. */
function renderMomentArguments(name: CompatName): string {
  const { moment } = COMPAT_OBJECTS[name];
  if (moment === undefined) return "";
  const given = moment.before === "" ? "" : "format, ";
  return MOMENT_TYPES.map(
    (type) =>
      `create function ${COMPAT_SCHEMA}."${name}"(${moment.before}value ${type}, ` +
      "variadic modifiers text[] default '{}')\n" +
      `returns ${moment.returns} language sql stable parallel safe set search_path = pg_catalog as $$\n` +
      `  select ${COMPAT_SCHEMA}."${name}"(${given}${COMPAT_SCHEMA}._moment_text(value), variadic modifiers)\n$$;\n`,
  ).join("");
}

/** A migration file with these objects. Its head says how an application finds them. */
export function renderCompatMigration(names: readonly CompatName[]): string {
  return `-- Up Migration
-- SQLite's functions and operators that the application's statements need, in a schema of their own. An application
-- finds them by its search path: ${searchPathOf("public", names)}
-- Connections of others are not touched. Remove the schema when the statements are rewritten.
${renderCompat(names)}
-- Down Migration
drop schema ${COMPAT_SCHEMA} cascade;
`;
}

/** The search path with them: behind the tables, and before PostgreSQL's own where something of that is hidden. */
export function searchPathOf(path: string, names: readonly CompatName[]): string {
  const hides = names.some((name) => COMPAT_OBJECTS[name].hides === true);
  return [path, COMPAT_SCHEMA, ...(hides ? ["pg_catalog"] : [])].join(", ");
}
