import { connect, createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

/** A Unix socket as a server on this port has it, and what to say in a URL: the embedded server itself has none. */
async function socketTo(url: string): Promise<{ readonly directory: string; readonly port: string; readonly user: string; readonly password: string; readonly database: string }> {
  const { hostname, password, pathname, port, username } = new URL(url);
  const directory = temporaryDirectory();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(join(directory, `.s.PGSQL.${port}`), resolve));
  onTestFinished(() => void server.close());
  return { directory, port, user: username, password, database: pathname.slice(1) };
}

it.each<[string, (at: Awaited<ReturnType<typeof socketTo>>) => string]>([
  ["in the parameters of the URL", ({ database, directory, password, port, user }) => `postgres:///${database}?host=${directory}&port=${port}&user=${user}&password=${password}`],
  ["as its host", ({ database, directory, password, port, user }) => `postgres://${user}:${password}@${encodeURIComponent(directory)}:${port}/${database}`],
])("goes all the way by a Unix socket whose directory is named %s", { timeout: 120_000 }, async (_, urlOf) => {
  const { path } = await sqliteFile("CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note(body) VALUES('a'), ('b')");
  const cwd = temporaryDirectory();
  const url = await emptyDatabase();
  const target = urlOf(await socketTo(url));
  const full = await runCli(["full", "--source", path, "--target", target, "--json"], { cwd });
  expect(JSON.parse(full.stdout)).toMatchObject({ ok: true, phase: "cut-over", verified: { differences: 0 } });
  expect(await query(url, "select body from note order by id")).toEqual([{ body: "a" }, { body: "b" }]);
  const status = await runCli(["migrations", "--target", target], { cwd });
  expect(status).toMatchObject({ code: 0 });
});
