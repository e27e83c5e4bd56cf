import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { isConnectionLoss } from "../../src/target/target-error.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

interface UnixSocket {
  readonly directory: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The server goes away, and its socket with it. */
  close(): Promise<void>;
  open(): Promise<void>;
}

/** A Unix socket as a server on this port has it, and what to say in a URL: the embedded server itself has none. */
async function socketTo(url: string): Promise<UnixSocket> {
  const { hostname, password, pathname, port, username } = new URL(url);
  const directory = temporaryDirectory();
  const clients = new Set<Socket>();
  let server: Server | null = null;
  const open = async () => {
    server = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      clients.add(client);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
        from.pipe(to);
      }
    });
    await new Promise<void>((resolve) => server?.listen(join(directory, `.s.PGSQL.${port}`), resolve));
  };
  const close = async () => {
    const closed = new Promise<unknown>((resolve) => server?.close(resolve));
    for (const client of clients) client.destroy();
    await closed;
  };
  await open();
  onTestFinished(close);
  return { directory, port, user: username, password, database: pathname.slice(1), close, open };
}

const asHost = ({ database, directory, password, port, user }: UnixSocket) =>
  `postgres://${user}:${password}@${encodeURIComponent(directory)}:${port}/${database}`;

it.each<[string, (at: UnixSocket) => string]>([
  [
    "in the parameters of the URL",
    ({ database, directory, password, port, user }) =>
      `postgres:///${database}?host=${directory}&port=${port}&user=${user}&password=${password}`,
  ],
  ["as its host", asHost],
])("goes all the way by a Unix socket whose directory is named %s", { timeout: 120_000 }, async (_, urlOf) => {
  const { path } = await sqliteFile(
    "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note(body) VALUES('a'), ('b')",
  );
  const cwd = temporaryDirectory();
  const url = await emptyDatabase();
  const target = urlOf(await socketTo(url));
  const full = await runCli(["full", "--yes", "--source", path, "--target", target, "--json"], { cwd });
  expect(JSON.parse(full.stdout)).toMatchObject({ ok: true, phase: "cut-over", verified: { differences: 0 } });
  expect(await query(url, "select body from note order by id")).toEqual([{ body: "a" }, { body: "b" }]);
  const status = await runCli(["migrations", "--target", target], { cwd });
  expect(status).toMatchObject({ code: 0 });
});

it("is waited for by a sync while it is not there, and missed at once by a command that begins", {
  timeout: 120_000,
}, async () => {
  const { application, path } = await sqliteFile("CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT)");
  const cwd = temporaryDirectory();
  const url = await emptyDatabase();
  const socket = await socketTo(url);
  const ends = ["--source", path, "--target", asHost(socket)];
  await runCli(["schema", "--write", ...ends], { cwd });
  await runCli(["up", "--target", asHost(socket)], { cwd });
  const sync = startCli(["sync", ...ends, "--json"], { cwd });
  onTestFinished(() => void sync.child.kill("SIGKILL"));
  await sync.saw(/capture is installed/);
  await application.execute("INSERT INTO note(body) VALUES('before')");
  await sync.saw(/"event":"batch"/);
  await socket.close();
  await sync.saw(/lost the connection to the target; retrying/);
  const status = await runCli(["check", ...ends, "--json"], { cwd });
  expect(JSON.parse(status.stdout)).toMatchObject({
    error: { code: "TARGET_UNREACHABLE", hint: expect.stringContaining("socket") as string },
  });
  await application.execute("INSERT INTO note(body) VALUES('meanwhile')");
  await socket.open();
  await expect
    .poll(() => query(url, "select body from note order by id"), { timeout: 30_000 })
    .toEqual([{ body: "before" }, { body: "meanwhile" }]);
});

it("is not what another missing file is", () => {
  const missing = (syscall: string) => Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall });
  expect(isConnectionLoss(missing("connect"))).toBe(true);
  expect(isConnectionLoss(missing("open"))).toBe(false);
});
