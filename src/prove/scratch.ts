import { randomBytes } from "node:crypto";
import type { EmbeddedPostgres } from "../db/embedded.ts";
import { sqlState } from "../db/target-error.ts";
import { type TargetSession, openTarget, targetLocation } from "../db/target.ts";
import { ChangeoverError, RefusedError, messageOf } from "../errors.ts";
import { pgName } from "../quote.ts";
import { type BeforeFile, runBefore } from "./before-file.ts";

/** A server on which databases can be made and dropped. */
export interface ScratchServer {
  /** As shown to people. */
  readonly location: string;
  /** Whether it serves others, too: then nothing may be tried that goes beyond one database. */
  readonly shared: boolean;
  /** Makes roles that are missing, where nobody else would notice. */
  ensureRoles(names: readonly string[]): Promise<void>;
  make(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

export function embeddedScratch(embedded: EmbeddedPostgres): ScratchServer {
  return {
    location: `an embedded PostgreSQL ${embedded.version}`,
    shared: false,
    ensureRoles: (names) => embedded.ensureRoles(names),
    make: (name) => embedded.database(name),
    drop: (name) => embedded.dropDatabase(name),
    close: async () => {},
  };
}

/** Makes its databases beside the target, as the target's role. */
export async function besideTarget(url: string): Promise<ScratchServer> {
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
    location: targetLocation(url).replace(/\/[^/]*$/, ""),
    shared: true,
    ensureRoles: async () => {},
    async make(name) {
      // template1 cannot be copied while anyone is connected to it.
      await session.run(`create database ${pgName(name)} template template0`).catch((error: unknown) => {
        throw sqlState(error) === "42501" ? denied(error) : error;
      });
      const made = new URL(url);
      made.pathname = `/${name}`;
      return made.href;
    },
    drop: (name) => session.run(`drop database if exists ${pgName(name)} with (force)`),
    close: () => target.close(),
  };
}

const PREFIX = "changeover_prove_";

/** Says when it was made, so that one whose maker was killed is known. */
export function scratchName(now = Date.now()): string {
  return `${PREFIX}${Math.floor(now / 1_000).toString(36)}_${randomBytes(4).toString("hex")}`;
}

const FORGOTTEN_AFTER_S = 3_600;

async function dropForgotten(session: TargetSession): Promise<void> {
  const rows = await session.rows<{ name: string }>("select datname::text as name from pg_database d where datname like $1 and pg_has_role(datdba, 'usage') and not exists (select from pg_stat_activity a where a.datid = d.oid)", [`${PREFIX}%`]);
  for (const { name } of rows) {
    const made = Number.parseInt(name.slice(PREFIX.length).split("_")[0] ?? "", 36);
    if (Date.now() / 1_000 - made > FORGOTTEN_AFTER_S) await session.run(`drop database if exists ${pgName(name)}`).catch(() => {});
  }
}

async function refuseUnable(session: TargetSession): Promise<void> {
  const [role] = await session.rows<{ able: boolean }>("select rolcreatedb or rolsuper as able from pg_roles where rolname = current_user");
  if (role?.able !== true) throw denied();
}

function denied(cause?: unknown): RefusedError {
  return new RefusedError({
    code: "SCRATCH_DENIED",
    message: "the target's role may not create a database to try the migrations in",
    hint: "give --embedded to try them in a PostgreSQL of their own, or let the role: ALTER ROLE … CREATEDB",
    cause,
  });
}

interface OpenScratch {
  readonly name: string;
  readonly url: string;
  readonly session: TargetSession;
  readonly close: () => Promise<void>;
}

/** One database of a scratch server, emptied by making it anew. */
export class ScratchDatabase {
  readonly #server: ScratchServer;
  readonly #before: BeforeFile | null;
  #open: OpenScratch | null = null;

  constructor(server: ScratchServer, before: BeforeFile | null) {
    this.#server = server;
    this.#before = before;
  }

  get url(): string {
    return this.#current.url;
  }

  /** The look at it from outside: no migration runs on this session. */
  get session(): TargetSession {
    return this.#current.session;
  }

  async renew(): Promise<void> {
    await this.drop();
    const name = scratchName();
    const url = await this.#server.make(name);
    const target = openTarget({ url });
    try {
      if (this.#before !== null) await runBefore(url, this.#before);
      this.#open = { name, url, session: await target.session(), close: () => target.close() };
    } catch (error) {
      await target.close();
      await this.#server.drop(name);
      throw error instanceof ChangeoverError ? error : new RefusedError({ code: "SCRATCH_UNREACHABLE", message: `the database made to try the migrations in cannot be reached: ${messageOf(error)}`, hint: "a pooler may know only the databases that it is told of: give the server's own address", cause: error });
    }
  }

  async drop(): Promise<void> {
    if (this.#open === null) return;
    const { name, close } = this.#open;
    this.#open = null;
    await close();
    await this.#server.drop(name);
  }

  get #current(): OpenScratch {
    if (this.#open === null) throw new Error("the scratch database is not made yet");
    return this.#open;
  }
}
