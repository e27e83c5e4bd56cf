import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TargetError } from "../../errors.ts";
import type { Binaries } from "./binaries.ts";
import { isAlive } from "./live-process.ts";
import type { Places } from "./places.ts";
import type { RunAs } from "./run-as.ts";
import { answers } from "./superuser.ts";

/** What must be remembered to connect. Kept beside the data, readable by its owner only. */
export interface Facts {
  readonly port: number;
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

/** Makes the data directory, whole or not at all. */
export function initialise(places: Places, binaries: Binaries, as: RunAs): Facts {
  const unfinished = `${places.data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(places.data, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const facts: Facts = { port: 0, superuserPassword: password(), ownerPassword: password() };
  const passwordFile = `${places.data}.password`;
  writeFileSync(passwordFile, `${facts.superuserPassword}\n`, { mode: 0o600 });
  give(unfinished, as);
  give(passwordFile, as);
  const { file, args, ...ids } = as.command(binaries.initdb, ["-D", unfinished, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--no-instructions"]);
  const made = spawnSync(file, args, { ...ids, env: environment(binaries), encoding: "utf8", cwd: "/" });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw failed("the embedded PostgreSQL could not make its data directory", `${made.error?.message ?? ""} ${made.stderr ?? ""}`.trim());
  saveFacts(places, facts);
  renameSync(unfinished, places.data);
  return facts;
}

export function readFacts(places: Places): Facts | null {
  return existsSync(places.facts) && existsSync(join(places.data, "PG_VERSION")) ? (JSON.parse(readFileSync(places.facts, "utf8")) as Facts) : null;
}

function saveFacts(places: Places, facts: Facts): void {
  writeFileSync(`${places.facts}.new`, JSON.stringify(facts), { mode: 0o600 });
  renameSync(`${places.facts}.new`, places.facts);
}

/** The postmaster's process number, if it lives. */
export function runningPid(places: Places): number | null {
  const file = join(places.data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  // After a crash of the machine the number may be another program's by now.
  return pid > 0 && isAlive(pid) && programOf(pid).startsWith("postgres") ? pid : null;
}

/** The name of a running program; where the system does not tell, that of the one we look for. */
function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "postgres";
  }
}

const START_MS = 60_000;

/** Starts the server in a session of its own, so that Ctrl-C does not reach it. Another port is tried if one is taken. */
export async function start(places: Places, binaries: Binaries, as: RunAs, facts: Facts): Promise<Facts> {
  for (let attempt = 0; ; attempt++) {
    const placed = { ...facts, port: await freePort() };
    // A lock file left by a killed server would be refused where its number now is another process'.
    rmSync(join(places.data, "postmaster.pid"), { force: true });
    const child = launch(places, binaries, as, placed.port);
    const deadline = performance.now() + START_MS;
    while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
      if (await answers(placed)) {
        saveFacts(places, placed);
        watch(places, child.pid ?? 0);
        child.unref();
        return placed;
      }
      await delay(50);
    }
    if (attempt >= 3 || performance.now() >= deadline) throw failed("the embedded PostgreSQL does not start", `see ${places.log}`);
  }
}

function launch(places: Places, binaries: Binaries, as: RunAs, port: number): ChildProcess {
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=50", "log_checkpoints=off"].flatMap((setting) => ["-c", setting]);
  const { file, args, ...ids } = as.command(binaries.postgres, ["-D", places.data, "-p", String(port), ...settings]);
  const log = openSync(places.log, "a");
  try {
    const child = spawn(file, args, { ...ids, env: environment(binaries), detached: true, stdio: ["ignore", log, log], cwd: "/" });
    child.on("error", () => {});
    return child;
  } finally {
    closeSync(log);
  }
}

/** Stops the server and waits until it is gone. */
export async function stop(places: Places): Promise<boolean> {
  const pid = runningPid(places);
  if (pid === null) return false;
  // SIGINT is PostgreSQL's fast shutdown: clients are told, nothing needs recovery.
  process.kill(pid, "SIGINT");
  const deadline = performance.now() + START_MS;
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw failed("the embedded PostgreSQL does not stop", `see ${places.log}`);
    await delay(30);
  }
  return true;
}

/**
 * Stops the server when all its users were killed and none could say good-bye. A shell, since it must outlive
 * us and cost nothing; it takes the same lock as those who come and go.
 */
function watch(places: Places, postmaster: number): void {
  const script = `idle=0
users() { for f in "$1"/*; do [ -e "$f" ] || continue; p=\${f##*/}; kill -0 "\${p%%-*}" 2>/dev/null && return 0; done; return 1; }
while kill -0 "$3" 2>/dev/null; do
  sleep 1
  if [ -e "$4" ] || users "$1"; then idle=0; continue; fi
  idle=$((idle+1)); [ $idle -lt 5 ] && continue
  (set -C; echo $$ > "$2") 2>/dev/null || continue
  if ! users "$1" && [ ! -e "$4" ]; then kill -INT "$3"; while kill -0 "$3" 2>/dev/null; do sleep 0.1; done; fi
  rm -f "$2"
done`;
  const child = spawn("sh", ["-c", script, "changeover-watch", places.users, places.lock, String(postmaster), places.keep], { detached: true, stdio: "ignore", cwd: "/" });
  child.on("error", () => {});
  child.unref();
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function environment(binaries: Binaries): NodeJS.ProcessEnv {
  const { libraries } = binaries;
  return { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC", ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }) };
}

function give(path: string, as: RunAs): void {
  if (as.uid !== null && as.gid !== null) chownSync(path, as.uid, as.gid);
}

function password(): string {
  return randomBytes(18).toString("base64url");
}

function failed(message: string, detail: string): TargetError {
  return new TargetError({ code: "EMBEDDED_FAILED", message: `${message} (${detail.slice(0, 500)})`, hint: "give --target to use a server of yours instead, or see the log" });
}

