import type { EmbeddedPostgres } from "../../embedded/embedded.ts";
import { RefusedError } from "../../errors.ts";
import { pgName } from "../../quote.ts";
import { sql } from "../../sql.ts";
import { runUrl, withDatabase } from "../../target/connection/render-connection.ts";
import { openTarget, type Target, type TargetSession } from "../../target/target.ts";
import { sqlState } from "../../target/target-error.ts";
import { lockScratch, UNLOCKED, unlockScratch } from "./scratch-lock.ts";
import { SCRATCH_NAMES, scratchAge } from "./scratch-name.ts";

/** A server for scratch databases. */
export interface ScratchServer {
  /** For messages. */
  readonly location: string;
  /** Whether it has other databases: then nothing may run that affects more than one database. */
  readonly shared: boolean;
  /** Creates missing roles until it is closed, unless the server is shared. Returns those that are still missing. */
  ensureRoles(names: readonly string[]): Promise<string[]>;
  /** A new database, locked until it is dropped; a clone of `template`, to which nobody may be connected. */
  make(name: string, template?: string): Promise<string>;
  /** Whether a clone of a database is like it: settings, grants and comments of the database itself are not copied. */
  clonesWhole(name: string): Promise<boolean>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function onEmbeddedServer(embedded: EmbeddedPostgres): Promise<ScratchServer> {
  const target = openTarget({ url: embedded.url });
  const session = await begun(target, dropForgotten);
  const made: string[] = [];
  return {
    location: `an embedded PostgreSQL ${embedded.version}`,
    shared: false,
    async ensureRoles(names) {
      made.push(...(await embedded.ensureRoles(names)));
      return [];
    },
    async make(name, template) {
      await lockScratch(session, name);
      return embedded.database(name, template === undefined ? {} : { template });
    },
    clonesWhole: (name) => clonesWhole(session, name),
    async drop(name) {
      await embedded.dropDatabase(name);
      await unlockScratch(session, name);
    },
    // A migration that creates one of them is to be applied here later.
    close: () => target.close().finally(() => embedded.dropRoles(made)),
  };
}

/** Creates scratch databases on the target's server as the target's role, which needs CREATEDB. */
export async function onTargetServer(given: string): Promise<ScratchServer> {
  // The schema of the tables need not be there: each scratch database has its own.
  const url = runUrl(given, { schema: null });
  const target = openTarget({ url });
  const session = await begun(target, async (opened) => {
    await refuseUnable(opened);
    await dropForgotten(opened);
  });
  return {
    location: target.location.replace(/\/[^/]*$/, ""),
    shared: true,
    async ensureRoles(names) {
      const present = await session.rows<{ name: string }>(
        "select rolname::text as name from pg_roles where rolname = any ($1::text[])",
        [names],
      );
      return names.filter((name) => !present.some((role) => role.name === name));
    },
    async make(name, template = "template0") {
      await lockScratch(session, name);
      // template1 cannot be copied while a client is connected to it.
      await session.run(`create database ${pgName(name)} template ${pgName(template)}`).catch((error: unknown) => {
        throw sqlState(error) === "42501" ? denied(error) : error;
      });
      return withDatabase(url, name);
    },
    clonesWhole: (name) => clonesWhole(session, name),
    async drop(name) {
      const statement = `drop database if exists ${pgName(name)}`;
      await session.run(`${statement} with (force)`).catch((error: unknown) => {
        // An autovacuum worker is none that our role may end. Without FORCE the server sends it away by itself.
        if (sqlState(error) !== "42501") throw error;
        return session.run(statement);
      });
      await unlockScratch(session, name);
    },
    close: () => target.close(),
  };
}

async function begun(target: Target, work: (session: TargetSession) => Promise<void>): Promise<TargetSession> {
  try {
    const session = await target.session();
    await work(session);
    return session;
  } catch (error) {
    await target.close();
    throw error;
  }
}

const FORGOTTEN_AFTER_S = 3_600;

/** Those of killed processes: old, locked by nobody, and nobody is connected. */
async function dropForgotten(session: TargetSession): Promise<void> {
  const rows = await session.rows<{ name: string }>(
    "select datname::text as name from pg_database d where datname like any ($1::text[]) and " +
      "pg_has_role(datdba, 'usage') and not exists (select from pg_stat_activity a where a.datid = d.oid) and " +
      UNLOCKED,
    [SCRATCH_NAMES],
  );
  for (const { name } of rows) {
    if (scratchAge(name) > FORGOTTEN_AFTER_S)
      await session.run(`drop database if exists ${pgName(name)}`).catch(() => {});
  }
}

async function clonesWhole(session: TargetSession, name: string): Promise<boolean> {
  const [row] = await session.rows<{ whole: boolean }>(sql("target/database-clones-whole"), [name]);
  return row?.whole === true;
}

async function refuseUnable(session: TargetSession): Promise<void> {
  const [role] = await session.rows<{ able: boolean }>(
    "select rolcreatedb or rolsuper as able from pg_roles where rolname = current_user",
  );
  if (role?.able !== true) throw denied();
}

function denied(cause?: unknown): RefusedError {
  return new RefusedError({
    code: "SCRATCH_DENIED",
    message: "the target's role may not create a scratch database",
    hint: "give --embedded to run the migrations in an embedded PostgreSQL, or allow it: ALTER ROLE … CREATEDB",
    cause,
  });
}
