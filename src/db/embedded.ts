import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findBinaries } from "./embedded/binaries.ts";
import { isAlive, processMark } from "./embedded/live-process.ts";
import { withLockFile } from "./embedded/lock-file.ts";
import { type Places, placesOf } from "./embedded/places.ts";
import { runAs } from "./embedded/run-as.ts";
import { type Facts, initialise, readFacts, runningPid, start, stop } from "./embedded/server.ts";
import { OWNER, answers, ensureDatabase, serverVersion } from "./embedded/superuser.ts";

/** A PostgreSQL that needs no installation, shared by all processes that work in one directory. */
export interface EmbeddedPostgres {
  /** URL of the database `changeover`, as its owner, who is no superuser. */
  readonly url: string;
  readonly directory: string;
  readonly version: string;
  /** URL of another database of the same owner; made if it is not there. */
  database(name: string): Promise<string>;
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
// How often this process opened each directory: the last release counts.
const opened = new Map<string, number>();

/** Finds the server running in a directory, or starts it, making it first if need be. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const places = placesOf(options.directory);
  mkdirSync(dirname(places.data), { recursive: true });
  const facts = await withLockFile(places.lock, async () => {
    enter(places);
    try {
      const ready = await ensureRunning(places);
      await ensureDatabase(ready, DATABASE);
      return ready;
    } catch (error) {
      leave(places);
      throw error;
    }
  });
  opened.set(places.data, (opened.get(places.data) ?? 0) + 1);
  const version = await serverVersion(facts);
  let released = false;
  return {
    url: urlOf(facts, DATABASE),
    directory: places.data,
    version,
    async database(name) {
      await ensureDatabase(facts, name);
      return urlOf(facts, name);
    },
    async release() {
      if (released) return;
      released = true;
      const left = (opened.get(places.data) ?? 1) - 1;
      opened.set(places.data, left);
      if (left > 0) return;
      await withLockFile(places.lock, async () => {
        leave(places);
        if (liveUsers(places) === 0 && !existsSync(places.keep)) await stop(places);
      });
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
  const facts = readFacts(places);
  const common = { users: liveUsers(places), keepRunning: existsSync(places.keep) };
  if (facts === null) return { state: "absent", ...common };
  if (runningPid(places) === null || !(await answers(facts))) return { state: "stopped", ...common };
  return { state: "running", url: urlOf(facts, DATABASE), ...common };
}

/** Stops the server whoever uses it; says whether it was running. */
export async function stopEmbedded(directory: string): Promise<boolean> {
  const places = placesOf(directory);
  rmSync(places.keep, { force: true });
  if (!existsSync(places.data)) return false;
  return withLockFile(places.lock, () => stop(places));
}

async function ensureRunning(places: Places): Promise<Facts> {
  const known = readFacts(places);
  if (known !== null && runningPid(places) !== null && (await answers(known))) return known;
  const binaries = findBinaries({ spare: places.libraries });
  const as = runAs([dirname(places.data), dirname(binaries.postgres)], known === null ? null : statSync(places.data));
  const facts = known ?? initialise(places, binaries, as);
  // Alive but not answering: it is just starting up or recovering, or it hangs; in either case a clean stop is safe.
  await stop(places);
  return start(places, binaries, as, facts);
}

function urlOf(facts: Facts, database: string): string {
  return `postgres://${OWNER}:${facts.ownerPassword}@127.0.0.1:${facts.port}/${database}`;
}

function userFile(places: Places): string {
  return join(places.users, `${process.pid}-${processMark(process.pid)}`);
}

function enter(places: Places): void {
  mkdirSync(places.users, { recursive: true });
  writeFileSync(userFile(places), "");
}

function leave(places: Places): void {
  rmSync(userFile(places), { force: true });
}

/** Users that live; what dead ones left is removed. */
function liveUsers(places: Places): number {
  if (!existsSync(places.users)) return 0;
  let live = 0;
  for (const file of readdirSync(places.users)) {
    const [pid = "", mark = ""] = file.split("-");
    if (isAlive(Number(pid), mark)) live++;
    else rmSync(join(places.users, file), { force: true });
  }
  return live;
}

