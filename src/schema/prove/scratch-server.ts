import type { EmbeddedPostgres } from "../../embedded/embedded.ts";
import { RefusedError } from "../../errors.ts";
import { pgName } from "../../quote.ts";
import { runUrl, withDatabase } from "../../target/connection/render-connection.ts";
import { openTarget, type TargetSession } from "../../target/target.ts";
import { sqlState } from "../../target/target-error.ts";
import { SCRATCH_PREFIX, scratchAge } from "./scratch-name.ts";

/** A server for scratch databases. */
export interface ScratchServer {
  /** For messages. */
  readonly location: string;
  /** Whether it has other databases: then nothing may run that affects more than one database. */
  readonly shared: boolean;
  /** Creates missing roles until it is closed, unless the server is shared. Returns those that are still missing. */
  ensureRoles(names: readonly string[]): Promise<string[]>;
  make(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function onEmbeddedServer(embedded: EmbeddedPostgres): Promise<ScratchServer> {
  const target = openTarget({ url: embedded.url });
  await target
    .session()
    .then(dropForgotten)
    .finally(() => target.close());
  const made: string[] = [];
  return {
    location: `an embedded PostgreSQL ${embedded.version}`,
    shared: false,
    async ensureRoles(names) {
      made.push(...(await embedded.ensureRoles(names)));
      return [];
    },
    make: (name) => embedded.database(name),
    drop: (name) => embedded.dropDatabase(name),
    // A migration that creates one of them is to be applied here later.
    close: () => embedded.dropRoles(made),
  };
}

/** Creates scratch databases on the target's server as the target's role, which needs CREATEDB. */
export async function onTargetServer(given: string): Promise<ScratchServer> {
  // The schema of the tables need not be there: each scratch database has its own.
  const url = runUrl(given, { schema: null });
  const target = openTarget({ url });
  const session = await target.session();
  try {
    await refuseUnable(session);
    await dropForgotten(session);
  } catch (error) {
    await target.close();
    throw error;
  }
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
    async make(name) {
      // template1 cannot be copied while a client is connected to it.
      await session.run(`create database ${pgName(name)} template template0`).catch((error: unknown) => {
        throw sqlState(error) === "42501" ? denied(error) : error;
      });
      return withDatabase(url, name);
    },
    drop: (name) => session.run(`drop database if exists ${pgName(name)} with (force)`),
    close: () => target.close(),
  };
}

const FORGOTTEN_AFTER_S = 3_600;

async function dropForgotten(session: TargetSession): Promise<void> {
  const rows = await session.rows<{ name: string }>(
    "select datname::text as name from pg_database d where datname like $1 and pg_has_role(datdba, 'usage') and " +
      "not exists (select from pg_stat_activity a where a.datid = d.oid)",
    [`${SCRATCH_PREFIX}%`],
  );
  for (const { name } of rows) {
    if (scratchAge(name) > FORGOTTEN_AFTER_S)
      await session.run(`drop database if exists ${pgName(name)}`).catch(() => {});
  }
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
