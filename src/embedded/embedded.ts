import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ChangeoverError, messageOf, TargetError } from "../errors.ts";
import { type Binaries, copyBinaries, findBinaries } from "./binaries.ts";
import { readFacts } from "./facts.ts";
import { failed } from "./failed.ts";
import { initialise } from "./initialise.ts";
import { withLockFile } from "./lock-file.ts";
import { type Places, placesOf } from "./places.ts";
import { runningPostmaster, stop } from "./postmaster.ts";
import { giveTo, type RunAs, runAs, type User } from "./run-as.ts";
import { join, type Ready, start } from "./start.ts";
import { dropDatabase, ensureDatabase, ensureRoles, type Login, notify, OWNER } from "./superuser.ts";
import { enter, liveUsers } from "./users.ts";

/** A PostgreSQL that needs no installation, shared by all processes that work in one directory. */
export interface EmbeddedPostgres {
  /** URL of the database `changeover`, as its owner, who is no superuser. */
  readonly url: string;
  readonly directory: string;
  readonly version: string;
  /** URL of another database of the same owner; made if it is not there. */
  database(name: string): Promise<string>;
  /** Drops one, whoever is connected to it. */
  dropDatabase(name: string): Promise<void>;
  /** Makes roles that are missing, without a login; the owner is a member of those. */
  ensureRoles(names: readonly string[]): Promise<void>;
  /** This process needs it no more; the last one to leave stops the server, unless it is to keep running. */
  release(): Promise<void>;
  /** Whether the server stays up without users: after a cutover the application's data lives there. */
  keepRunning(keep: boolean): Promise<void>;
}

export interface EmbeddedOptions {
  /** The data directory; what else is needed lies beside it. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}

const DATABASE = "changeover";

/** Finds the server running in a directory, or starts it, making it first if need be. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { signal } = options;
  const places = placesOf(options.directory);
  const { login, version, leave } = await explained(async () => {
    mkdirSync(dirname(places.data), { recursive: true });
    return withLockFile(places.lock, () => enterRunning(places, signal), signal);
  });
  let released = false;
  return {
    url: urlOf(login, DATABASE),
    directory: places.data,
    version,
    async database(name) {
      await explained(() => ensureDatabase(login, name));
      return urlOf(login, name);
    },
    dropDatabase: (name) => explained(() => dropDatabase(login, name)),
    ensureRoles: (names) => explained(() => ensureRoles(login, names)),
    async release() {
      if (released) return;
      released = true;
      leave();
      // Someone may have removed it all meanwhile.
      if (!existsSync(dirname(places.lock))) return;
      await explained(() => withLockFile(places.lock, () => stopUnlessUsed(places)));
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

export async function embeddedStatus(directory: string): Promise<EmbeddedStatus> {
  const places = placesOf(directory);
  return explained(async () => {
    const facts = readFacts(places);
    const common = { users: liveUsers(places), keepRunning: existsSync(places.keep) };
    if (facts === null) return { state: "absent", ...common };
    const login = { ...facts, port: runningPostmaster(places)?.port ?? 0 };
    if (login.port === 0 || (await notify(login)).state !== "open") return { state: "stopped", ...common };
    return { state: "running", url: urlOf(login, DATABASE), ...common };
  });
}

/** Stops the server whoever uses it; says whether it was running. */
export async function stopEmbedded(directory: string): Promise<boolean> {
  const places = placesOf(directory);
  rmSync(places.keep, { force: true });
  if (!existsSync(places.data)) return false;
  return explained(() => withLockFile(places.lock, () => stop(places)));
}

async function enterRunning(
  places: Places,
  signal: AbortSignal | undefined,
): Promise<Ready & { readonly leave: () => void }> {
  // Before the server is looked for: from here on nobody stops it for want of users.
  const leave = enter(places);
  try {
    const ready = await ensureRunning(places, signal);
    await ensureDatabase(ready.login, DATABASE);
    return { ...ready, leave };
  } catch (error) {
    leave();
    // Should this fail too, the first error says more; the watcher stops the server later.
    await stopUnlessUsed(places).catch(() => false);
    throw error;
  }
}

async function ensureRunning(places: Places, signal: AbortSignal | undefined): Promise<Ready> {
  const known = readFacts(places);
  const running = known === null ? null : await join(places, known, signal);
  if (running !== null) return running;
  const { binaries, as } = runnable(places, known === null ? null : statSync(places.data));
  const facts = known ?? (await initialise(places, binaries, as, signal));
  giveTo(as, places.data);
  return start(places, binaries, as, facts, signal);
}

/** As root under a closed directory no other user may reach the programs: then a copy of them serves. */
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

/** Whatever the file system or the network says becomes an error that says what to do. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ChangeoverError
      ? error
      : failed("the embedded PostgreSQL cannot be used here", messageOf(error), error);
  }
}

function urlOf(login: Login, database: string): string {
  return `postgres://${OWNER}:${login.ownerPassword}@127.0.0.1:${login.port}/${database}`;
}
