import type { Finding } from "../model/proposal.ts";
import type { TargetFacts } from "./read-target-facts.ts";

const OLDEST = 140_000;
/** Rows, indexes and WAL in PostgreSQL, for each byte of the SQLite file: measured between 1.6 and 2.4. */
const GROWTH = 2.5;

export interface ServerFacts {
  readonly facts: TargetFacts;
  /** Bytes of the source. */
  readonly sourceSize: number | null;
  readonly missingExtensions: readonly string[];
  readonly pendingMigrations: readonly string[];
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
}: ServerFacts): Finding[] {
  const found: Finding[] = [];
  const say = (code: Finding["code"], severity: Finding["severity"], message: string, hint: string) =>
    found.push({ code, severity, table: "", message, hint });
  if (facts.version < OLDEST)
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
      `the role ${facts.role} is named like the schema of the run's state: tables that an application makes with ` +
        "this " +
        "role would lie in that schema, and be dropped with it",
      `ALTER ROLE ${facts.role} SET search_path = public`,
    );
  if (!facts.mayCreateSchema)
    say(
      "TARGET_PRIVILEGE",
      "blocking",
      `the role ${facts.role} may not create the schema changeover, which keeps the state of the run`,
      `GRANT CREATE ON DATABASE … TO ${facts.role}`,
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

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
