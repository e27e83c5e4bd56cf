import postgres from "postgres";
import { pgName, pgString } from "../../quote.ts";

export interface Login {
  readonly port: number;
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

export const OWNER = "changeover";

/** Whether the server lets its superuser in. */
export async function answers(login: Login): Promise<boolean> {
  try {
    await asSuperuser(login, "postgres", (sql) => sql`select 1`);
    return true;
  } catch {
    return false;
  }
}

/** Makes the owner and a database of that name, where they are missing. The owner is no superuser. */
export async function ensureDatabase(login: Login, name: string): Promise<void> {
  await asSuperuser(login, "postgres", async (sql) => {
    const [role] = await sql`select from pg_roles where rolname = ${OWNER}`;
    if (role === undefined) await sql.unsafe(`create role ${pgName(OWNER)} login password ${pgString(login.ownerPassword)}`);
    const [database] = await sql`select from pg_database where datname = ${name}`;
    if (database === undefined) await sql.unsafe(`create database ${pgName(name)} owner ${pgName(OWNER)}`);
  });
}

export async function serverVersion(login: Login): Promise<string> {
  return asSuperuser(login, "postgres", async (sql) => {
    const [row] = await sql<{ server_version: string }[]>`show server_version`;
    return row?.server_version ?? "";
  });
}

async function asSuperuser<T>(login: Login, database: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres({ host: "127.0.0.1", port: login.port, user: "postgres", password: login.superuserPassword, database, max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
