import { stateSql } from "../target/state-schema.ts";
import type { TargetReader } from "../target/target.ts";

/** What the target says of itself: the server, the role, and the tables that are there. */
export interface TargetFacts {
  /** As server_version_num: 150004. */
  readonly version: number;
  readonly encoding: string;
  readonly role: string;
  readonly schema: string | null;
  /** Where the run's state lies. */
  readonly stateSchema: string;
  readonly mayCreateSchema: boolean;
  readonly mayCreateTables: boolean;
  /** Commits wait for a standby, and none is connected. */
  readonly waitsForStandby: boolean;
  /** The role has the name of the schema of the run's state, which `"$user"` in its search_path means then. */
  readonly isNamedLikeState: boolean;
  readonly isReadOnly: boolean;
  /** Connections that this role could open, ours included. */
  readonly freeConnections: number;
  /** How many locks of all transactions together the server can hold. */
  readonly lockSlots: number;
  /** Tables, indexes and sequences of the schema. */
  readonly relations: number;
  /** Bytes of the database now. */
  readonly size: number;
  readonly tables: readonly TableFacts[];
}

export interface TableFacts {
  readonly name: string;
  readonly owned: boolean;
  readonly triggers: number;
  readonly checks: number;
  readonly rowSecurity: boolean;
  /** Policies hold for this role, too. */
  readonly isRowSecurityActive: boolean;
}

export async function readTargetFacts(session: TargetReader): Promise<TargetFacts> {
  const [facts] = await session.rows<{
    version: number;
    encoding: string;
    role: string;
    schema: string | null;
    may_create_schema: boolean;
    may_create_tables: boolean;
    waits_for_standby: boolean;
    named_like_state: boolean;
    read_only: boolean;
    free_connections: number;
    lock_slots: number;
    relations: number;
    size: string;
  }>(stateSql(session, "target/facts"));
  const tables = await session.rows<{
    name: string;
    owned: boolean;
    triggers: number;
    checks: number;
    row_security: boolean;
    row_security_active: boolean;
  }>(stateSql(session, "target/table-facts"));
  return {
    version: facts?.version ?? 0,
    encoding: facts?.encoding ?? "",
    role: facts?.role ?? "",
    schema: facts?.schema ?? null,
    stateSchema: session.stateSchema,
    mayCreateSchema: facts?.may_create_schema === true,
    mayCreateTables: facts?.may_create_tables === true,
    waitsForStandby: facts?.waits_for_standby === true,
    isNamedLikeState: facts?.named_like_state === true,
    isReadOnly: facts?.read_only === true,
    freeConnections: facts?.free_connections ?? 0,
    lockSlots: facts?.lock_slots ?? 0,
    relations: facts?.relations ?? 0,
    size: Number(facts?.size ?? 0),
    tables: tables.map(({ row_security, row_security_active, ...table }) => ({
      ...table,
      rowSecurity: row_security,
      isRowSecurityActive: row_security_active,
    })),
  };
}

/** Extensions that migration files ask for, and that the server does not have ready. */
export async function missingExtensions(session: TargetReader, migrations: readonly string[]): Promise<string[]> {
  const wanted = new Set(
    migrations.flatMap((text) =>
      [...text.replace(/--.*$/gm, "").matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi)].map(
        (match) => match[1] ?? "",
      ),
    ),
  );
  if (wanted.size === 0) return [];
  const ready = await session.rows<{ name: string }>("select name::text from pg_available_extensions");
  return [...wanted].filter((name) => !ready.some((extension) => extension.name === name));
}
