import type { GivenTarget } from "../config-target.ts";
import { sql } from "../sql.ts";
import { isSocketDirectory, resolveConnection } from "../target/connection/resolve-connection.ts";
import type { ServerState } from "../target/connection/server-state.ts";
import { inState, stateOf, stateSql } from "../target/state-schema.ts";
import { openTarget, type Target, type TargetSession } from "../target/target.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** The row of target/doctor.sql. */
interface DoctorRow {
  readonly server: string;
  readonly clock_ms: number;
  readonly time_zone: string;
  readonly is_superuser: boolean;
  readonly may_create_database: boolean;
  readonly may_create_schema: boolean;
  readonly has_schema: boolean;
  readonly may_create_table: boolean;
  readonly has_own_schema: boolean;
  readonly may_use_own_schema: boolean | null;
  readonly max_connections: number;
  readonly connections: number;
  readonly role_connections: number;
  readonly max_locks: number;
  readonly synchronous_commit: string;
  readonly wal_level: string;
  readonly statement_timeout: string;
  readonly collation: string;
  readonly database_bytes: number;
  readonly is_encrypted: boolean | null;
  readonly tls_version: string | null;
  readonly tls_cipher: string | null;
}

export interface ExaminedServer {
  /** `this machine`, or the last two labels of the host's name, which say who hosts it. */
  readonly place: string;
  readonly server: string;
  readonly state: "open";
  readonly encoding: string;
  readonly collation: string;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly waitsForStandby: boolean;
  readonly pooling: ServerState["pooling"];
  readonly tls: {
    readonly mode: string;
    readonly isEncrypted: boolean;
    readonly version: string | null;
    readonly cipher: string | null;
  };
  readonly privileges: {
    readonly isSuperuser: boolean;
    readonly mayCreateDatabase: boolean;
    readonly mayCreateSchema: boolean;
    readonly mayCreateTable: boolean;
    /** Null: there is no schema `changeover` yet. */
    readonly mayUseOwnSchema: boolean | null;
    /** Whether foreign keys may stand before a cutover's fence; null before PostgreSQL 15. */
    readonly maySetReplica: boolean | null;
  };
  readonly connections: { readonly open: number; readonly max: number; readonly maxOfRole: number | null };
  readonly settings: Readonly<Record<string, string>>;
  readonly databaseBytes: number;
  /** The server's clock less this machine's; `uncertainMs`: half of the time that asking took. */
  readonly clock: { readonly differenceMs: number; readonly uncertainMs: number; readonly timeZone: string };
  /** Phase of the run that the target holds; null if there is none. */
  readonly phase: string | null;
}

export type TargetExamination =
  | { readonly state: "not-given" }
  | ExaminedServer
  | { readonly state: "failed"; readonly place: string | null; readonly error: Trouble };

export interface TargetQuestion {
  readonly target: Pick<GivenTarget, "url"> | null;
  readonly withheld: readonly string[];
}

export async function examineTarget({ target: given, withheld }: TargetQuestion): Promise<TargetExamination> {
  if (given === null) return { state: "not-given" };
  let place: string | null = null;
  let target: Target | null = null;
  try {
    const { endpoints, tls } = resolveConnection(given.url);
    place = endpoints.map(({ host }) => placeOfHost(host)).join(", ");
    target = openTarget({ url: given.url });
    const session = await target.session({ mayBeShared: true });
    return { place, ...(await ask(session, tls.mode)) };
  } catch (error) {
    return { state: "failed", place, error: troubleOf(error, withheld) };
  } finally {
    await target?.close();
  }
}

async function ask(session: TargetSession, mode: string): Promise<Omit<ExaminedServer, "place">> {
  const before = Date.now();
  const [row] = await session.rows<DoctorRow>(stateSql(session, "target/doctor"));
  const took = Date.now() - before;
  if (row === undefined) throw new Error("the server answered nothing");
  const { encoding, isReadOnly, isStandby, pooling, version, waitsForStandby } = session.server;
  const [replica] =
    version < 150_000 ? [] : await session.rows<{ may_set_replica: boolean }>(sql("target/may-set-replica"));
  return {
    state: "open",
    server: row.server,
    encoding,
    collation: row.collation,
    isStandby,
    isReadOnly,
    waitsForStandby,
    pooling,
    tls: { mode, isEncrypted: row.is_encrypted === true, version: row.tls_version, cipher: row.tls_cipher },
    privileges: privilegesOf(row, replica?.may_set_replica ?? null),
    connections: {
      open: row.connections,
      max: row.max_connections,
      maxOfRole: row.role_connections < 0 ? null : row.role_connections,
    },
    settings: {
      max_locks_per_transaction: String(row.max_locks),
      statement_timeout: row.statement_timeout,
      synchronous_commit: row.synchronous_commit,
      wal_level: row.wal_level,
    },
    databaseBytes: row.database_bytes,
    clock: {
      differenceMs: Math.round(row.clock_ms - (before + took / 2)),
      uncertainMs: Math.ceil(took / 2),
      timeZone: row.time_zone,
    },
    phase: row.may_use_own_schema === true ? await phaseOf(session) : null,
  };
}

function privilegesOf(row: DoctorRow, maySetReplica: boolean | null): ExaminedServer["privileges"] {
  return {
    isSuperuser: row.is_superuser,
    mayCreateDatabase: row.may_create_database,
    mayCreateSchema: row.may_create_schema,
    mayCreateTable: row.may_create_table,
    mayUseOwnSchema: row.may_use_own_schema,
    maySetReplica,
  };
}

async function phaseOf(session: TargetSession): Promise<string | null> {
  const [there] = await session.rows<{ found: boolean }>(
    `select to_regclass(${inState(session, "run")}) is not null as found`,
  );
  if (there?.found !== true) return null;
  const [run] = await session.rows<{ phase: string }>(
    `select phase::text as phase from ${stateOf(session)}.run limit 1`,
  );
  return run?.phase ?? null;
}

/** Who hosts a server, without its name. */
export function placeOfHost(host: string): string {
  if (isSocketDirectory(host)) return "a socket of this machine";
  if (/^(localhost|127(\.\d+){3}|::1)$/i.test(host)) return "this machine";
  if (/^[\d.]+$/.test(host) || host.includes(":")) return "an address of another machine";
  const labels = host.split(".");
  return labels.length < 3 ? "another machine" : `another machine (*.${labels.slice(-2).join(".")})`;
}
