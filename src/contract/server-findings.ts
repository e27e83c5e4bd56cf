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
export function serverFindings({
  facts,
  makesTables,
  missingExtensions,
  pendingMigrations,
  sourceSize,
  tables,
}: ServerFacts): Finding[] {
  const found: Finding[] = [];
  const say = (code: Finding["code"], severity: Finding["severity"], message: string, hint: string) =>
    found.push({ code, severity, table: "", message, hint });
  if (facts.version < OLDEST_VERSION)
    say(
      "TARGET_VERSION",
      "blocking",
      `the target is PostgreSQL ${Math.floor(facts.version / 10_000)}; 14 is the oldest that works`,
      "give a newer server",
    );
  if (facts.encoding !== "UTF8")
    say(
      "TARGET_ENCODING",
      "blocking",
      `the target database has the encoding ${facts.encoding}, which does not hold every text`,
      "create the database with: createdb --encoding UTF8 --template template0 NAME",
    );
  if (facts.waitsForStandby)
    say(
      "TARGET_STANDBY",
      "blocking",
      "the server's commits wait for a synchronous standby (synchronous_standby_names), " +
        "and none is connected: nothing that is written would be confirmed",
      "connect the standby; or ALTER SYSTEM SET synchronous_standby_names = '' and SELECT pg_reload_conf()",
    );
  if (facts.isNamedLikeState)
    say(
      "TARGET_ROLE_NAME",
      "warning",
      `the role ${facts.role} is named like the schema of a run's state: tables that an application makes with ` +
        "this " +
        "role would lie in that schema, and be dropped with it",
      `ALTER ROLE ${facts.role} SET search_path = public`,
    );
  if (facts.isReadOnly)
    say(
      "TARGET_READ_ONLY",
      "blocking",
      "the target takes no writes: it is a standby, or default_transaction_read_only is on",
      "give the primary's host; or find who set it read-only, such as a server whose disk is full",
    );
  found.push(...limitFindings(facts, tables));
  if (!facts.mayCreateSchema)
    say(
      "TARGET_PRIVILEGE",
      "blocking",
      `the role ${facts.role} may not create the schema ${facts.stateSchema}, which keeps the state of the run`,
      `as the database's owner: CREATE SCHEMA ${stateOf(facts)} AUTHORIZATION ${facts.role}`,
    );
  if (makesTables && !facts.mayCreateTables)
    say(
      "TARGET_PRIVILEGE",
      "blocking",
      `the role ${facts.role} may not create tables in ${facts.schema ?? "any schema of its search_path"}`,
      `GRANT CREATE ON SCHEMA ${facts.schema ?? "public"} TO ${facts.role}`,
    );
  if (missingExtensions.length > 0)
    say(
      "EXTENSION_MISSING",
      "blocking",
      `the migration files ask for ${missingExtensions.join(", ")}, which the server does not have`,
      "install the extension's package on the server, or do without it in the file",
    );
  if (pendingMigrations.length > 0)
    say(
      "MIGRATIONS_PENDING",
      "info",
      `not applied yet: ${pendingMigrations.join(", ")}`,
      "`changeover full` applies them; `changeover up` does it alone",
    );
  if (sourceSize !== null)
    say(
      "TARGET_SPACE",
      "info",
      `the target will need about ${megabytes(sourceSize * GROWTH)} of space; how much is free there, SQL cannot say`,
      "look at the server's disk",
    );
  return found;
}

/** Sessions of a command with several jobs, and of one with `--jobs 1`. */
const MAX_SESSIONS = 12;
const MIN_SESSIONS = 5;
/** A table, its key's index, its TOAST table and the index of that. */
const RELATIONS_OF_TABLE = 4;

/** What the server has too little of for a whole run. */
function limitFindings({ freeConnections, lockSlots, relations }: TargetFacts, tables: number): Finding[] {
  const found: Finding[] = [];
  if (freeConnections < MAX_SESSIONS)
    found.push({
      code: "TARGET_CONNECTIONS",
      severity: freeConnections < MIN_SESSIONS ? "blocking" : "warning",
      table: "",
      message:
        `the role can open ${freeConnections} connections now; changeover uses up to ${MAX_SESSIONS}, ` +
        `and ${MIN_SESSIONS} with --jobs 1`,
      hint: "close others, raise max_connections or the role's CONNECTION LIMIT, or give --jobs 1",
    });
  const needed = Math.max(relations, tables * RELATIONS_OF_TABLE);
  if (needed > lockSlots / 2)
    found.push({
      code: "TARGET_LOCKS",
      severity: "warning",
      table: "",
      message: `a cutover locks about ${needed} tables and indexes, and the server has room for ${lockSlots} locks`,
      hint: "raise max_locks_per_transaction in postgresql.conf, and restart the server",
    });
  return found;
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
