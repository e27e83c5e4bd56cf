import type { Finding } from "../model/proposal.ts";
import { OLDEST_VERSION } from "../target/connection/server-state.ts";
import { stateOf } from "../target/state-schema.ts";
import type { TargetFacts } from "./read-target-facts.ts";

/** Rows, indexes and WAL in PostgreSQL, for each byte of the SQLite file: measured between 1.6 and 2.4. */
const GROWTH = 2.5;

export interface ServerFacts {
  readonly facts: TargetFacts;
  /** Bytes of the source. */
  readonly sourceSize: number | null;
  readonly missingExtensions: readonly string[];
  readonly pendingMigrations: readonly string[];
  /** How many the source has; 0: not asked. */
  readonly tables: number;
  /** Whether tables are still to be made. */
  readonly makesTables: boolean;
}

/** What of the server itself stands in the way. */
export function serverFindings(server: ServerFacts): Finding[] {
  return [
    ...stateFindings(server.facts),
    ...limitFindings(server.facts, server.tables),
    ...privilegeFindings(server),
    ...migrationFindings(server),
    ...spaceFindings(server),
  ];
}

/** A finding of the server as a whole, unless there is none. */
function when(isFound: boolean, finding: Omit<Finding, "table">): Finding[] {
  return isFound ? [{ ...finding, table: "" }] : [];
}

function stateFindings({
  encoding,
  isNamedLikeState,
  isReadOnly,
  role,
  version,
  waitsForStandby,
}: TargetFacts): Finding[] {
  return [
    ...when(version < OLDEST_VERSION, {
      code: "TARGET_VERSION",
      severity: "blocking",
      message: `the target is PostgreSQL ${Math.floor(version / 10_000)}; 14 is the oldest that works`,
      hint: "give a newer server",
    }),
    ...when(encoding !== "UTF8", {
      code: "TARGET_ENCODING",
      severity: "blocking",
      message: `the target database has the encoding ${encoding}, which does not hold every text`,
      hint: "create the database with: createdb --encoding UTF8 --template template0 NAME",
    }),
    ...when(waitsForStandby, {
      code: "TARGET_STANDBY",
      severity: "blocking",
      message:
        "the server's commits wait for a synchronous standby (synchronous_standby_names), " +
        "and none is connected: nothing that is written would be confirmed",
      hint: "connect the standby; or ALTER SYSTEM SET synchronous_standby_names = '' and SELECT pg_reload_conf()",
    }),
    ...when(isNamedLikeState, {
      code: "TARGET_ROLE_NAME",
      severity: "warning",
      message:
        `the role ${role} is named like the schema of a run's state: tables that an application makes with this ` +
        "role would lie in that schema, and be dropped with it",
      hint: `ALTER ROLE ${role} SET search_path = public`,
    }),
    ...when(isReadOnly, {
      code: "TARGET_READ_ONLY",
      severity: "blocking",
      message: "the target takes no writes: it is a standby, or default_transaction_read_only is on",
      hint: "give the primary's host; or find who set it read-only, such as a server whose disk is full",
    }),
  ];
}

function privilegeFindings({ facts, makesTables }: ServerFacts): Finding[] {
  return [
    ...when(!facts.mayCreateSchema, {
      code: "TARGET_PRIVILEGE",
      severity: "blocking",
      message: `the role ${facts.role} may not create the schema ${facts.stateSchema}, which keeps the state of the run`,
      hint: `as the database's owner: CREATE SCHEMA ${stateOf(facts)} AUTHORIZATION ${facts.role}`,
    }),
    ...when(makesTables && !facts.mayCreateTables, {
      code: "TARGET_PRIVILEGE",
      severity: "blocking",
      message: `the role ${facts.role} may not create tables in ${facts.schema ?? "any schema of its search_path"}`,
      hint: `GRANT CREATE ON SCHEMA ${facts.schema ?? "public"} TO ${facts.role}`,
    }),
  ];
}

function migrationFindings({ missingExtensions, pendingMigrations }: ServerFacts): Finding[] {
  return [
    ...when(missingExtensions.length > 0, {
      code: "EXTENSION_MISSING",
      severity: "blocking",
      message: `the migration files ask for ${missingExtensions.join(", ")}, which the server does not have`,
      hint: "install the extension's package on the server, or do without it in the file",
    }),
    ...when(pendingMigrations.length > 0, {
      code: "MIGRATIONS_PENDING",
      severity: "info",
      message: `not applied yet: ${pendingMigrations.join(", ")}`,
      hint: "`changeover full` applies them; `changeover up` does it alone",
    }),
  ];
}

function spaceFindings({ sourceSize }: ServerFacts): Finding[] {
  if (sourceSize === null) return [];
  const needed = megabytes(sourceSize * GROWTH);
  return when(true, {
    code: "TARGET_SPACE",
    severity: "info",
    message: `the target will need about ${needed} of space; how much is free there, SQL cannot say`,
    hint: "look at the server's disk",
  });
}

/** Sessions of a command with several jobs, and of one with `--jobs 1`. */
const MAX_SESSIONS = 12;
const MIN_SESSIONS = 5;
/** A table, its key's index, its TOAST table and the index of that. */
const RELATIONS_OF_TABLE = 4;

/** What the server has too little of for a whole run. */
function limitFindings({ freeConnections, lockSlots, relations }: TargetFacts, tables: number): Finding[] {
  const needed = Math.max(relations, tables * RELATIONS_OF_TABLE);
  return [
    ...when(freeConnections < MAX_SESSIONS, {
      code: "TARGET_CONNECTIONS",
      severity: freeConnections < MIN_SESSIONS ? "blocking" : "warning",
      message:
        `the role can open ${freeConnections} connections now; changeover uses up to ${MAX_SESSIONS}, ` +
        `and ${MIN_SESSIONS} with --jobs 1`,
      hint: "close others, raise max_connections or the role's CONNECTION LIMIT, or give --jobs 1",
    }),
    ...when(needed > lockSlots / 2, {
      code: "TARGET_LOCKS",
      severity: "warning",
      message: `a cutover locks about ${needed} tables and indexes, and the server has room for ${lockSlots} locks`,
      hint: "raise max_locks_per_transaction in postgresql.conf, and restart the server",
    }),
  ];
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
