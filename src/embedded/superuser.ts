import postgres from "postgres";
import { pgName, pgString } from "../quote.ts";

export interface Login {
  readonly port: number;
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

export const OWNER = "changeover";

export type Answer =
  | { readonly state: "open"; readonly version: string }
  /** It answers, but accepts no connections: it starts, recovers from a crash, or stops. */
  | { readonly state: "busy" }
  /** It has other passwords. */
  | { readonly state: "denied" }
  | { readonly state: "silent" };

/** Probes the server with a query as its superuser. */
export async function probe(login: Login): Promise<Answer> {
  try {
    const [row] = await asSuperuser(
      login,
      (sql) => sql<{ version: string }[]>`select current_setting('server_version') as version`,
    );
    return { state: "open", version: row?.version ?? "" };
  } catch (error) {
    if (codeOf(error) === "57P03") return { state: "busy" };
    if (codeOf(error) === "28P01") return { state: "denied" };
    return { state: "silent" };
  }
}

/** "tuple concurrently updated": another process sets the same. */
const CONCURRENT_UPDATE = "XX000";

/** Creates the owner and a database where they are missing. The owner is not a superuser. Null: template1. */
export async function ensureDatabase(login: Login, name: string, template: string | null = null): Promise<void> {
  await asSuperuser(login, async (sql) => {
    const [role] = await sql`select from pg_roles where rolname = ${OWNER}`;
    if (role === undefined)
      await unlessThere(sql.unsafe(`create role ${pgName(OWNER)} login password ${pgString(login.ownerPassword)}`));
    // The owner is named like the schema of the run's state: `"$user"` would put an application's tables there.
    await unlessThere(sql.unsafe(`alter role ${pgName(OWNER)} set search_path = public`));
    // So that foreign keys may stand before a cutover's fence: see `restoreEarly`.
    const [granted] = await sql<{ may: boolean }[]>`
      select has_parameter_privilege(${OWNER}, 'session_replication_role', 'set') as may`;
    if (granted?.may !== true)
      await unlessThere(sql.unsafe(`grant set on parameter session_replication_role to ${pgName(OWNER)}`));
    const [database] = await sql`select from pg_database where datname = ${name}`;
    const like = template === null ? "" : ` template ${pgName(template)}`;
    if (database === undefined)
      await unlessThere(sql.unsafe(`create database ${pgName(name)} owner ${pgName(OWNER)}${like}`));
  });
}

export async function dropDatabase(login: Login, name: string): Promise<void> {
  await asSuperuser(login, (sql) => sql.unsafe(`drop database if exists ${pgName(name)} with (force)`));
}

/** Returns the roles that were missing, and are there now. */
export async function ensureRoles(login: Login, names: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  await asSuperuser(login, async (sql) => {
    for (const name of names) {
      const [role] = await sql`select from pg_roles where rolname = ${name}`;
      if (role !== undefined) continue;
      await unlessThere(sql.unsafe(`create role ${pgName(name)}`));
      await sql.unsafe(`grant ${pgName(name)} to ${pgName(OWNER)}`);
      made.push(name);
    }
  });
  return made;
}

/** One that something still depends on stays. */
export async function dropRoles(login: Login, names: readonly string[]): Promise<void> {
  await asSuperuser(login, async (sql) => {
    for (const name of names)
      await sql.unsafe(`drop role if exists ${pgName(name)}`).catch((error: unknown) => {
        if (codeOf(error) !== DEPENDENT_OBJECTS) throw error;
      });
  });
}

const DEPENDENT_OBJECTS = "2BP01";

/** Ignores duplicates, and a tuple concurrently updated: another process may do the same at the same time. */
async function unlessThere(made: PromiseLike<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!["42710", "42P04", "23505", CONCURRENT_UPDATE].includes(codeOf(error))) throw error;
  }
}

async function asSuperuser<T>(login: Login, work: (sql: postgres.Sql) => PromiseLike<T>): Promise<T> {
  // PG… variables of the environment are meant for other servers.
  const sql = postgres({
    host: "127.0.0.1",
    port: login.port,
    user: "postgres",
    password: login.superuserPassword,
    database: "postgres",
    max: 1,
    connect_timeout: 5,
    ssl: false,
    fetch_types: false,
    onnotice: () => {},
  });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
