import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./own-server.ts";

/** Whether this machine has PgBouncer: `apt-get install pgbouncer`. */
export function hasPgBouncer(): boolean {
  try {
    execFileSync("pgbouncer", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A real PgBouncer before a server; everyone signs in as `user`, whose password both sides know. */
export async function pgBouncer(options: {
  readonly port: number;
  readonly mode: "session" | "transaction";
  readonly user: string;
  readonly password: string;
}): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), "changeover-pgbouncer-"));
  chmodSync(home, 0o755);
  const port = await freePort();
  const [users, config] = [join(home, "users"), join(home, "pgbouncer.ini")];
  writeFileSync(users, `"${options.user}" "${options.password}"\n`);
  writeFileSync(
    config,
    [
      "[databases]",
      `* = host=127.0.0.1 port=${options.port}`,
      "[pgbouncer]",
      `listen_port = ${port}`,
      "listen_addr = 127.0.0.1",
      "unix_socket_dir =",
      "auth_type = scram-sha-256",
      `auth_file = ${users}`,
      `pool_mode = ${options.mode}`,
      "default_pool_size = 20",
      "",
    ].join("\n"),
  );
  // It does not run as root.
  const child = spawn("pgbouncer", [...(process.getuid?.() === 0 ? ["-u", "nobody"] : []), config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt > 50) throw new Error(`pgbouncer does not start: ${log}`);
    await delay(100);
  }
  return {
    port,
    async stop() {
      child.kill("SIGKILL");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (isOpen: boolean) => () => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", settle(true)).once("error", settle(false));
  });
}
