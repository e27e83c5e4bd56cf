import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { Authority } from "../support/certificates.ts";
import { type OwnServer, type OwnServerOptions, ownServer } from "../support/own-server.ts";
import { hasPgBouncer, pgBouncer } from "../support/pgbouncer.ts";
import { wholeJourney } from "../support/whole-journey.ts";

async function server(options?: OwnServerOptions): Promise<OwnServer> {
  const own = await ownServer(options);
  onTestFinished(() => own.stop());
  await own.run("create role app login password 'secret'", "create database shop owner app");
  await own.reload([]);
  return own;
}

/** What the application says after the cutover. */
function applicationOf(port: number, path = "public") {
  return async (text: string) => {
    const sql = postgres({
      ...{ host: "127.0.0.1", port, user: "app", password: "secret", database: "shop", max: 1, ssl: false as const },
      connection: { search_path: path },
    });
    try {
      return await sql.unsafe(text);
    } finally {
      await sql.end();
    }
  };
}

describe("the whole journey, there and back", { timeout: 240_000 }, () => {
  it.each(["14.23.0-beta.17", "15.18.0-beta.17", "16.14.0-beta.17", "17.10.0-beta.17", "18.4.0-beta.17"])(
    "on PostgreSQL %s",
    async (version) => {
      const { port } = await server({ version });
      await wholeJourney({
        target: `postgres://app:secret@127.0.0.1:${port}/shop`,
        application: applicationOf(port),
      });
    },
  );

  it("over TLS with a private authority and a client certificate", async () => {
    const home = mkdtempSync(join(tmpdir(), "changeover-tls-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const authority = new Authority(join(home, "ca"), "Private Authority");
    const certificate = authority.issue("localhost", { alternative: "DNS:localhost" });
    const client = authority.issue("app");
    const own = await server();
    own.write("server.crt", certificate.certificate);
    own.write("server.key", certificate.key);
    own.write("root.crt", readFileSync(authority.file, "utf8"));
    await own.run("alter system set ssl = on", "alter system set ssl_ca_file = 'root.crt'");
    await own.reload(["hostssl shop app all scram-sha-256 clientcert=verify-full"]);
    const tls =
      `sslmode=verify-full&sslrootcert=${authority.file}` +
      `&sslcert=${client.certificateFile}&sslkey=${client.keyFile}`;
    await wholeJourney({
      target: `postgres://app:secret@localhost:${own.port}/shop?${tls}`,
      application: (text) => rowsIn(own, text),
    });
  });

  it.runIf(hasPgBouncer())("through PgBouncer in session mode", async () => {
    const { port } = await server();
    const bouncer = await pgBouncer({ port, mode: "session", user: "app", password: "secret" });
    onTestFinished(() => bouncer.stop());
    await wholeJourney({
      target: `postgres://app:secret@127.0.0.1:${bouncer.port}/shop`,
      application: applicationOf(port),
    });
  });

  it("over IPv6", async () => {
    const { port } = await server();
    const forwarder = createServer((client) => {
      const upstream = connect(port, "127.0.0.1");
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    }).listen(0, "::1");
    await once(forwarder, "listening");
    onTestFinished(() => void forwarder.close());
    await wholeJourney({
      target: `postgres://app:secret@[::1]:${(forwarder.address() as AddressInfo).port}/shop`,
      application: applicationOf(port),
    });
  });

  it.each([
    ["--schema", [] as string[], ["--schema", "Shop's"]],
    ["schema= in the URL", ["?schema=Shop%27s"], []],
    ["the role's search_path", [], []],
  ])("in a schema of its own, named by %s, for a role that may use no other", async (how, [query = ""], options) => {
    const own = await server();
    await inDatabase(own, [
      "drop schema public",
      "revoke create on database shop from app",
      "alter database shop owner to postgres",
      'create schema "Shop\'s" authorization app',
      "create schema changeover authorization app",
      ...(how.startsWith("the role") ? ['alter role app set search_path = "Shop\'s"'] : []),
    ]);
    await wholeJourney({
      target: `postgres://app:secret@127.0.0.1:${own.port}/shop${query}`,
      options,
      application: applicationOf(own.port, '"Shop\'s"'),
    });
    expect(
      await rowsIn(
        own,
        "select nspname from pg_namespace where nspname in ('public', 'changeover', 'Shop''s') order by 1",
      ),
    ).toEqual([{ nspname: "Shop's" }, { nspname: "changeover" }]);
  });
});

async function rowsIn(own: OwnServer, text: string): Promise<object[]> {
  const sql = postgres({
    ...{ host: "127.0.0.1", port: own.port, user: "postgres", password: "postgres", database: "shop", max: 1 },
    ssl: false,
  });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end();
  }
}

async function inDatabase(own: OwnServer, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await rowsIn(own, statement);
}
