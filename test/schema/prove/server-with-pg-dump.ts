import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface DumpingServer {
  readonly url: string;
  /** What pg_dump writes of the schema, without what changes from call to call. */
  dump(): string;
  close(): Promise<void>;
}

/** The folder with pg_dump and the server of the same version; null where this machine has none. */
export function dumpingBinaries(): string | null {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => existsSync(join(folder, "psql")));
  const configured = candidates.flatMap((folder) => {
    // Debian's wrapper in PATH leads to the programs of a version.
    const listed = join(folder, "pg_lsclusters");
    return existsSync(listed) ? versionsOf(dirname(folder)) : [dirname(realpathSync(join(folder, "pg_dump")))];
  });
  return (
    configured.find((folder) => ["pg_dump", "initdb", "postgres"].every((p) => existsSync(join(folder, p)))) ?? null
  );
}

function versionsOf(prefix: string): string[] {
  const versions = Array.from({ length: 10 }, (_, index) => String(22 - index));
  return versions.map((version) => join(prefix, "lib", "postgresql", version, "bin"));
}

/** Starts a PostgreSQL of this machine, whose own pg_dump can read it. */
export async function startDumpingServer(bin: string): Promise<DumpingServer> {
  const user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  const directory = mkdtempSync(join(tmpdir(), "changeover-dump-"));
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "super", "--auth=trust", "-N", "-E", "UTF8", "--locale=C"], {
    ...user,
    cwd: directory,
    stdio: "ignore",
  });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "wal_level=logical"];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((one) => ["-c", one])],
    { ...user, cwd: directory, stdio: "ignore" },
  );
  const url = `postgres://super@127.0.0.1:${port}/postgres`;
  await answers(bin, port);
  return {
    url,
    dump: () =>
      execFileSync(join(bin, "pg_dump"), ["--schema-only", url], { maxBuffer: 64 * 1024 * 1024 })
        .toString("utf8")
        .replace(/^\\(un)?restrict .*$/gm, ""),
    async close() {
      await ended(server);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "postgres"]).toString("utf8"));
}

async function answers(bin: string, port: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      execFileSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
      return;
    } catch (error) {
      if (attempt > 300) throw error;
      await delay(100);
    }
  }
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    // A fast shutdown: sessions are ended.
    server.kill("SIGINT");
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject()));
    });
  });
}
