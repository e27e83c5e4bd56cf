import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority, type Certificate } from "../../support/certificates.ts";
import { freePort, type OwnServer, ownServer } from "../../support/own-server.ts";
import type { ConnectionCase, World } from "./connection-cases.ts";

export interface ConnectionWorld {
  readonly world: World;
  /** HOME, for no process here may find the machine's certificates and passwords. */
  readonly home: string;
  use(server: NonNullable<ConnectionCase["server"]>): Promise<void>;
  close(): Promise<void>;
}

/** A server with TLS, roles of all kinds, and files of all kinds. */
export async function connectionWorld(version?: string): Promise<ConnectionWorld> {
  const home = mkdtempSync(join(tmpdir(), "changeover-world-"));
  const server = await ownServer(version === undefined ? {} : { version });
  const authority = new Authority(join(home, "ca"), "Private Authority");
  const other = new Authority(join(home, "other"), "Other Authority");
  const certificates = {
    good: authority.issue("localhost", { alternative: "DNS:localhost" }),
    expired: authority.issue("localhost", { alternative: "DNS:localhost", days: -1 }),
  };
  const client = authority.issue("certified");
  await makeRoles(server);
  server.write("root.crt", readFileSync(authority.file, "utf8"));
  await server.run("alter system set ssl_ca_file = 'root.crt'");
  const forwarder = await forward6(server.port);
  const file = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(home, name), text, { mode });
    return join(home, name);
  };
  const openKey = join(home, "open.key");
  copyFileSync(client.keyFile, openKey);
  chmodSync(openKey, 0o644);
  const passwords = `# a comment\nother:*:*:*:wrong\nlocalhost:${server.port}:shop:app:secret\n*:*:*:*:wrong\n`;
  const world: World = {
    port: server.port,
    closedPort: await freePort(),
    port6: (forwarder.address() as AddressInfo).port,
    sockets: server.sockets,
    ca: authority.file,
    otherCa: other.file,
    clientCertificate: client.certificateFile,
    clientKey: client.keyFile,
    openKey,
    passwords: file("passwords", passwords),
    openPasswords: file("open-passwords", passwords, 0o644),
    services: file(
      "services",
      "[other]\nhost=nowhere\n\n# " +
        `ours\n[shop]\nhost=localhost\nport=${server.port}\nuser=app\npassword=secret\ndbname=shop\n[last]\nhost=x\n`,
    ),
  };
  return {
    world,
    home,
    use: (which) => useCertificate(server, which === "none" ? null : certificates[which]),
    async close() {
      forwarder.close();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function makeRoles(server: OwnServer): Promise<void> {
  await server.run(
    "create role app login password 'secret'; create role tls_only login password 'secret'; create role plain_only " +
      "login password 'secret'; create role certified login; create role \"odd user\" login password 'p''a:ss/w@rd %'",
    "create database shop owner app",
    'create database "odd/base é" owner "odd user"',
  );
  await server.reload([
    "hostssl all certified all cert",
    "hostssl all tls_only all scram-sha-256",
    "host all tls_only all reject",
    "hostnossl all plain_only all scram-sha-256",
    "host all plain_only all reject",
  ]);
}

async function useCertificate(server: OwnServer, certificate: Certificate | null): Promise<void> {
  if (certificate !== null) {
    server.write("server.crt", certificate.certificate);
    server.write("server.key", certificate.key);
  }
  await server.run(`alter system set ssl = ${certificate === null ? "off" : "on"}`, "select pg_reload_conf()");
  await new Promise((resolve) => setTimeout(resolve, 300));
}

async function forward6(port: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
  }).listen(0, "::1");
  await once(server, "listening");
  return server;
}
