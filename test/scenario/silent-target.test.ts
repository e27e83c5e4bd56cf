import { join } from "node:path";
import { describe, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "../support/cli.ts";
import { proxyTo } from "../support/proxy.ts";
import { type Ended, sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const BUDGET_MS = 1_000;
/** Behind the budget's end. It is counted from the silence on, which comes after the budget's beginning. */
const PROMISED_MS = 5_000;
/** For a machine with much else to do: without a bound of its own the command took 35 s and more. */
const SLACK_MS = 5_000;
const SCHEMA = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES(1, 'x'), (2, 'y')";

interface Silence {
  readonly when: string;
  readonly said: readonly RegExp[];
  readonly delivers: boolean;
  readonly ends: { readonly code: number; readonly says: string };
  /** Where the run then stands, as the server itself knows it. */
  readonly phase: string;
}

const DRAIN = /set statement_timeout = [1-9]/;
const OPENING = /set local synchronous_commit = on/;
const SWITCHED = /set phase = 'cut-over'/;
const COMMIT = /commit/;

const SILENCES: readonly Silence[] = [
  {
    when: "in the drain",
    said: [DRAIN],
    delivers: true,
    ends: { code: 1, says: "CUTOVER_TIMEOUT" },
    phase: "cutting-over",
  },
  {
    when: "while the target is opened",
    // The trial before the fence says the same.
    said: [DRAIN, OPENING],
    delivers: true,
    ends: { code: 1, says: "CUTOVER_TIMEOUT" },
    phase: "cutting-over",
  },
  {
    when: "before the commit arrives",
    said: [SWITCHED, COMMIT],
    delivers: false,
    ends: { code: 1, says: "CUTOVER_UNKNOWN" },
    phase: "cutting-over",
  },
  {
    when: "just after the commit arrived",
    said: [SWITCHED, COMMIT],
    delivers: true,
    ends: { code: 1, says: "CUTOVER_UNKNOWN" },
    phase: "cut-over",
  },
];

describe("a target that falls silent in the cutover", () => {
  for (const { delivers, ends, phase, said, when } of SILENCES)
    it.concurrent(`${when}: the command ends with ${ends.says} within five seconds of the budget`, {
      timeout: 90_000,
    }, async ({ expect, onTestFinished }) => {
      const { cwd, ends: both, path, proxy, url } = await synced(onTestFinished);
      const silent = proxy.swallowAt(said, { delivers });
      const started = performance.now();
      const command = runCli(["cutover", ...both, "--max-downtime", `${BUDGET_MS}ms`, "--json"], { cwd });
      let fellSilent = Number.NaN;
      void silent.then(() => {
        fellSilent = performance.now() - started;
      });
      const ended = await command;
      const durationMs = performance.now() - started;
      expect(fellSilent, ended.stderr).toBeGreaterThan(0);
      expect(ended.stdout + ended.stderr).toContain(ends.says);
      expect(ended.code).toBe(ends.code);
      expect(durationMs - fellSilent).toBeLessThan(BUDGET_MS + PROMISED_MS + SLACK_MS);
      expect(await query(url, "select phase from changeover.run")).toEqual([{ phase }]);
      // What the server's keepalive does after 25 s: it lets go of the dead session's lock.
      proxy.cut();
      proxy.heal();
      const again = await runCli(["cutover", ...both, "--json"], { cwd });
      expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ ok: true, phase: "cut-over" });
      await expect(sqliteWrite(path)).rejects.toThrow(/state=cut-over/);
    });

  it("and answers a new connection just after the commit: the command says that the switch has happened", {
    timeout: 90_000,
  }, async ({ expect, onTestFinished }) => {
    const { cwd, ends, proxy } = await synced(onTestFinished);
    let fellSilent = Number.NaN;
    void proxy.swallowAt([SWITCHED, COMMIT], { delivers: true }).then(() => {
      fellSilent = performance.now();
      proxy.heal({ oldStayDead: true });
    });
    const ended = await runCli(["cutover", ...ends, "--max-downtime", `${BUDGET_MS}ms`, "--json"], { cwd });
    expect(performance.now() - fellSilent).toBeLessThan(BUDGET_MS + PROMISED_MS + SLACK_MS);
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([0, { ok: true, phase: "cut-over" }]);
  });
});

async function synced(ended: Ended) {
  const cwd = temporaryDirectory(ended);
  const { path } = await sqliteFile(SCHEMA, { ended });
  const url = await emptyDatabase();
  const proxy = await proxyTo(url, ended);
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  await migration.close();
  return { cwd, ends: ["--source", path, "--target", proxy.url], path, proxy, url };
}

async function sqliteWrite(path: string): Promise<void> {
  const { createClient } = await import("@libsql/client");
  const client = createClient({ url: `file:${path}` });
  try {
    await client.execute("INSERT INTO t VALUES(3, 'z')");
  } finally {
    client.close();
  }
}
