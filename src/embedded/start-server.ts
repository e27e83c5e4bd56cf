import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { InterruptedError } from "../errors.ts";
import { pause } from "../retry.ts";
import { type Binaries, environmentFor } from "./binaries.ts";
import { embeddedError } from "./embedded-error.ts";
import { damaged, type Facts, saveFacts } from "./facts.ts";
import type { Places } from "./places.ts";
import { endOrphans, preparePidFile, runningPostmaster, stop } from "./postmaster.ts";
import type { RunAs } from "./run-as.ts";
import { type Login, probe } from "./superuser.ts";
import { watchServer } from "./watch-server.ts";

/** A server that accepts connections. */
export interface Ready {
  readonly login: Login;
  readonly version: string;
}

/** A server that is silent for this long hangs; one in recovery may take longer. */
const SILENCE_MS = 60_000;
/** How long backends of a killed server may take to end. */
const ORPHANS_MS = 60_000;
const ATTEMPTS = 4;

/** Waits until the running server accepts connections; null if none runs, or if it hangs and was stopped. */
export async function joinRunning(places: Places, facts: Facts, signal?: AbortSignal): Promise<Ready | null> {
  const running = runningPostmaster(places);
  if (running === null) return null;
  // The port from postmaster.pid: the process that started the server may have been killed before saving it.
  const login = () => ({ ...facts, port: runningPostmaster(places)?.port ?? 0 });
  const version = await untilOpen(places, login, () => runningPostmaster(places)?.pid === running.pid, signal);
  if (version !== null) return { login: login(), version };
  await stop(places);
  return null;
}

export interface StartOptions {
  readonly signal?: AbortSignal;
  readonly maxLocksPerTransaction?: number;
}

/** Starts the server in its own session, so that Ctrl-C does not reach it. Tries other ports if one is in use. */
export async function startServer(
  places: Places,
  binaries: Binaries,
  as: RunAs,
  facts: Facts,
  { maxLocksPerTransaction = 512, signal }: StartOptions,
): Promise<Ready> {
  const begun = performance.now();
  // Not `withRetry`: between two attempts it stops what is left of the first, and orphans do not count as one.
  for (let attempt = 1; ; attempt++) {
    const login = { ...facts, port: await freePort(attempt === 1 ? facts.port : 0) };
    preparePidFile(places);
    const logged = existsSync(places.log) ? readFileSync(places.log).length : 0;
    const child = launch(places, binaries, as, { port: login.port, maxLocksPerTransaction });
    const version = await untilOpen(
      places,
      () => login,
      () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
      signal,
    );
    if (version !== null) {
      if (login.port !== facts.port) saveFacts(places, login);
      return { login, version };
    }
    const message = complaint(places, logged);
    const hasOrphans = /shared memory block|lock file/.test(message) && performance.now() - begun < ORPHANS_MS;
    await stop(places);
    if (hasOrphans) {
      endOrphans(places);
      await pause(300);
    } else if (attempt >= ATTEMPTS)
      throw embeddedError("the embedded PostgreSQL does not start", message === "" ? `see ${places.log}` : message);
  }
}

interface Launching {
  readonly port: number;
  readonly maxLocksPerTransaction: number;
}

function launch(
  places: Places,
  binaries: Binaries,
  as: RunAs,
  { maxLocksPerTransaction, port }: Launching,
): ChildProcess {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=100",
    `max_locks_per_transaction=${maxLocksPerTransaction}`,
    "log_checkpoints=off",
  ].flatMap((setting) => ["-c", setting]);
  const { file, args, ...ids } = as.command(binaries.postgres, ["-D", places.data, "-p", String(port), ...settings]);
  // Only the owner may read the log: it quotes failing statements with their values.
  const log = openSync(places.log, "a", 0o600);
  try {
    const child = spawn(file, args, {
      ...ids,
      env: environmentFor(binaries),
      detached: true,
      stdio: ["ignore", log, log],
      cwd: "/",
    });
    child.on("error", () => {});
    child.unref();
    // Start the watcher immediately: this process may be killed before the server answers.
    if (child.pid !== undefined) watchServer(places, child.pid);
    return child;
  } finally {
    closeSync(log);
  }
}

/**
 * The server's version, or null if it ended or was silent for too long. Not `waitUntil`: each sign of life, as during
 * recovery, moves the deadline.
 */
async function untilOpen(
  places: Places,
  login: () => Login,
  isAlive: () => boolean,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  let lastAnswer = performance.now();
  while (isAlive() && performance.now() - lastAnswer < SILENCE_MS) {
    if (signal?.aborted === true) throw new InterruptedError();
    const answer = await probe(login());
    if (answer.state === "open") return answer.version;
    // Only if the port is our server's own: another server may have taken it.
    if (answer.state === "denied" && runningPostmaster(places)?.port === login().port) throw damaged(places);
    if (answer.state === "busy") lastAnswer = performance.now();
    await pause(25);
  }
  return null;
}

/** The server's last log lines about its failure. */
function complaint(places: Places, from: number): string {
  const lines = readFileSync(places.log).subarray(from).toString("utf8").split("\n");
  return lines
    .filter((line) => /\b(FATAL|DETAIL|HINT):|^setpriv:|error while loading/.test(line))
    .slice(-3)
    .join("; ");
}

/** A free port; the wanted one if it is free. */
async function freePort(wanted: number): Promise<number> {
  const port = await listenOnce(wanted);
  return port ?? (await listenOnce(0)) ?? 0;
}

async function listenOnce(port: number): Promise<number | null> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, "127.0.0.1", resolve);
    });
    const address = probe.address();
    return typeof address === "object" && address !== null ? address.port : null;
  } catch {
    return null;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
