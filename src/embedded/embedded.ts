import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ChangeoverError, messageOf, TargetError } from "../errors.ts";
import { type Binaries, copyBinaries, findBinaries } from "./binaries.ts";
import { embeddedError } from "./embedded-error.ts";
import { readFacts } from "./facts.ts";
import { initialise } from "./initialise.ts";
import { withLockFile } from "./lock-file.ts";
import { type Places, placesOf } from "./places.ts";
import { runningPostmaster, stop } from "./postmaster.ts";
import { giveTo, type RunAs, runAs, type User } from "./run-as.ts";
import { joinRunning, type Ready, type StartOptions, startServer } from "./start-server.ts";
import { dropDatabase, dropRoles, ensureDatabase, ensureRoles, type Login, OWNER, probe } from "./superuser.ts";
import { enter, liveUsers } from "./users.ts";

/** A PostgreSQL server without installation, shared by all processes that work in one directory. */
export interface EmbeddedPostgres {
  /** URL of the database `changeover` for its owner, who is not a superuser. */
  readonly url: string;
  /** The server's directory. */
  readonly directory: string;
  /** Version of PostgreSQL. */
  readonly version: string;
  /** URL of another database of the same owner; created if missing, as a clone of `template` if one is given. */
  database(name: string, options?: { readonly template?: string }): Promise<string>;
  /** Drops a database, even while clients are connected. */
  dropDatabase(name: string): Promise<void>;
  /** Creates missing roles, without login; the owner becomes a member. Returns those that it created. */
  ensureRoles(names: readonly string[]): Promise<string[]>;
  /** Drops roles, but for those that something depends on. */
  dropRoles(names: readonly string[]): Promise<void>;
  /** This process no longer needs the server. The last process stops it, unless it should keep running. */
  release(): Promise<void>;
  /** Whether the server stays up without users: after a cutover it holds the application's data. */
  keepRunning(keep: boolean): Promise<void>;
}

export interface EmbeddedOptions {
  /** The data directory. Other files of the server are next to it. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  /** Of a server that is started here. Default: 512; PostgreSQL's own is 64. */
  readonly maxLocksPerTransaction?: number;
}

const DATABASE = "changeover";

/**
 * Connects to the server of a directory; starts it, and creates it, if needed.
 * @throws TargetError: `EMBEDDED_MISSING`, `EMBEDDED_ROOT`, `EMBEDDED_DAMAGED`, `EMBEDDED_FAILED`, `EMBEDDED_LOCKED`.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const places = placesOf(options.directory);
  const { login, version, leave } = await withHint(async () => {
    mkdirSync(dirname(places.data), { recursive: true });
    return withLockFile(places.lock, () => enterRunning(places, options), options.signal);
  });
  let released = false;
  return {
    url: urlOf(login, DATABASE),
    directory: places.data,
    version,
    async database(name, { template } = {}) {
      await withHint(() => ensureDatabase(login, name, template));
      return urlOf(login, name);
    },
    dropDatabase: (name) => withHint(() => dropDatabase(login, name)),
    ensureRoles: (names) => withHint(() => ensureRoles(login, names)),
    dropRoles: (names) => withHint(() => dropRoles(login, names)),
    async release() {
      if (released) return;
      released = true;
      leave();
      // The directory may have been removed meanwhile.
      if (!existsSync(dirname(places.lock))) return;
      await withHint(() => withLockFile(places.lock, () => stopUnlessUsed(places)));
    },
    async keepRunning(keep) {
      if (keep) writeFileSync(places.keep, "");
      else rmSync(places.keep, { force: true });
    },
  };
}

export interface EmbeddedStatus {
  readonly state: "absent" | "stopped" | "running";
  readonly url?: string;
  readonly users: number;
  readonly keepRunning: boolean;
}

/**
 * Whether the embedded PostgreSQL of a directory runs, and where.
 * @throws TargetError: `EMBEDDED_DAMAGED`, `EMBEDDED_LOCKED`.
 */
export async function embeddedStatus(directory: string): Promise<EmbeddedStatus> {
  const places = placesOf(directory);
  return withHint(async () => {
    const facts = readFacts(places);
    const common = { users: liveUsers(places), keepRunning: existsSync(places.keep) };
    if (facts === null) return { state: "absent", ...common };
    const login = { ...facts, port: runningPostmaster(places)?.port ?? 0 };
    if (login.port === 0 || (await probe(login)).state !== "open") return { state: "stopped", ...common };
    return { state: "running", url: urlOf(login, DATABASE), ...common };
  });
}

/**
 * Stops the server even while it is used; returns whether it was running.
 * @throws TargetError: `EMBEDDED_FAILED`, `EMBEDDED_LOCKED`.
 */
export async function stopEmbedded(directory: string): Promise<boolean> {
  const places = placesOf(directory);
  rmSync(places.keep, { force: true });
  if (!existsSync(places.data)) return false;
  return withHint(() => withLockFile(places.lock, () => stop(places)));
}

async function enterRunning(places: Places, options: StartOptions): Promise<Ready & { readonly leave: () => void }> {
  // Register first: from here on no other process stops the server for want of users.
  const leave = enter(places);
  try {
    const ready = await ensureRunning(places, options);
    await ensureDatabase(ready.login, DATABASE);
    return { ...ready, leave };
  } catch (error) {
    leave();
    // If this fails too, the first error is more useful, and the watcher stops the server later.
    await stopUnlessUsed(places).catch(() => false);
    throw error;
  }
}

async function ensureRunning(places: Places, options: StartOptions): Promise<Ready> {
  const { signal } = options;
  const known = readFacts(places);
  const running = known === null ? null : await joinRunning(places, known, signal);
  if (running !== null) return running;
  const { binaries, as } = runnable(places, known === null ? null : statSync(places.data));
  const facts = known ?? (await initialise(places, binaries, as, signal));
  giveTo(as, places.data);
  return startServer(places, binaries, as, facts, options);
}

/** As root, in a directory that others may not enter, PostgreSQL's user cannot reach the programs: use a copy. */
function runnable(places: Places, owner: User | null): { readonly binaries: Binaries; readonly as: RunAs } {
  const binaries = findBinaries({ spare: places.libraries });
  try {
    return { binaries, as: runAs(dirname(places.data), binaries, owner) };
  } catch (error) {
    if (!(error instanceof TargetError && error.code === "EMBEDDED_ROOT")) throw error;
    const copied = copyBinaries(binaries);
    return { binaries: copied, as: runAs(dirname(places.data), copied, owner) };
  }
}

async function stopUnlessUsed(places: Places): Promise<boolean> {
  return liveUsers(places) === 0 && !existsSync(places.keep) && stop(places);
}

/** Turns errors of the file system and the network into errors with a hint. */
async function withHint<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ChangeoverError
      ? error
      : embeddedError("the embedded PostgreSQL cannot be used here", messageOf(error), error);
  }
}

function urlOf(login: Login, database: string): string {
  return `postgres://${OWNER}:${login.ownerPassword}@127.0.0.1:${login.port}/${database}?sslmode=disable`;
}
