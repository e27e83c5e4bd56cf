import { hostname, userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import type { HistoryItem } from "../../src/api/results.ts";
import { openMigration } from "../../src/migration.ts";
import { openTarget } from "../../src/target/target.ts";
import { type Bank, bank, syncing, untilCaughtUp } from "../support/bank.ts";
import { runCli } from "../support/cli.ts";
import { project, sqlMigration } from "../support/migrations.ts";
import { emptyDatabase, query } from "../support/target.ts";

async function historyOf(url: string): Promise<HistoryItem[]> {
  const migration = openMigration({ target: url });
  const entries = await migration.history();
  await migration.close();
  return entries;
}

const told = (entries: readonly HistoryItem[]) => entries.map(({ command, state, code }) => [command, state, code]);

async function run({ cwd, ends }: Bank, command: string, ...args: string[]): Promise<void> {
  const result = await runCli([command, ...ends, "--yes", ...args], { cwd });
  expect(result.stderr).not.toContain("error:");
}

describe("the history", () => {
  it("tells of a run from its migrations to its end and beyond, who and how; what was killed did not end", {
    timeout: 60_000,
  }, async () => {
    const url = await emptyDatabase();
    expect(await historyOf(url)).toEqual([]);
    const made = await bank(url);
    const sync = await syncing(made);
    await untilCaughtUp(sync, made, url);
    expect(told(await historyOf(url))).toEqual([
      ["sync", "running", null],
      ["up", "done", null],
    ]);
    sync.child.kill("SIGKILL");
    await sync.ended;
    for (let state = "running"; state === "running"; ) state = (await historyOf(url))[0]?.state ?? "";
    expect(told(await historyOf(url))[0]).toEqual(["sync", "did-not-end", null]);

    await query(url, "update accounts set balance = balance + 1 where id = 7");
    await run(made, "check", "--repair");
    const refused = await runCli(["cutover", "--yes", ...made.ends, "--hook", "after-fence=false"], { cwd: made.cwd });
    expect(refused.code).toBe(1);
    await run(made, "cutover", "--yes");
    await run(made, "rollback");
    await run(made, "sync", "--until", "caught-up");
    await run(made, "rollback");
    const all = await historyOf(url);
    expect(told(all)).toEqual([
      ["rollback", "done", null],
      ["sync", "done", null],
      ["rollback", "done", null],
      ["cutover", "done", null],
      ["cutover", "not-done", "HOOK_FAILED"],
      ["check --repair", "done", null],
      ["sync", "did-not-end", null],
      ["up", "done", null],
    ]);
    expect(all[0]).toMatchObject({
      user: userInfo().username,
      host: hostname(),
      role: "changeover",
      details: { kind: "rollback" },
    });
    expect(all[2]?.details).toMatchObject({ kind: "failback", downtimeMs: expect.any(Number) as number });
    expect(new Set(all.slice(0, 7).map((entry) => entry.run)).size).toBe(1);
    const json = await runCli(["history", "--target", url, "--limit", "1", "--json"], { cwd: made.cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      more: true,
      entries: [
        {
          command: "rollback",
          state: "done",
          by: { user: userInfo().username, role: "changeover" },
          duration_ms: expect.any(Number) as number,
          details: { migrations: ["0001_tables"] },
        },
      ],
    });
    const text = await runCli(["history", "--target", url, "--limit", "3"], { cwd: made.cwd });
    expect(text.stdout.trim().split("\n")).toEqual([
      expect.stringMatching(
        /^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}rollback {2}done in .* {2}\S+@\S+ as changeover, kind rollback/,
      ),
      expect.stringMatching(/sync {6}done/),
      expect.stringMatching(/rollback {2}done .*kind failback, 200 rows, phase returned, downtime \d+ ms/),
      "… and more: --limit",
    ]);
  });

  it("never keeps a command from its work, and a command that may not write there works all the same", async () => {
    const url = await emptyDatabase();
    const { cwd } = project({
      "0001_t.sql": sqlMigration("create table t(id integer)", "drop table t"),
      "0002_u.sql": sqlMigration("create table u(id integer)", "drop table u"),
    });
    const ends = ["--target", url, "--yes"];
    expect((await runCli(["up", "1", ...ends], { cwd })).code).toBe(0);
    await query(url, "alter table changeover.history add check (command <> 'up') not valid");
    expect((await runCli(["up", ...ends], { cwd })).code).toBe(0);
    const target = openTarget({ url });
    const holder = await target.session();
    await holder.run("begin; lock table changeover.history");
    expect((await runCli(["redo", ...ends], { cwd })).code).toBe(0);
    await target.close();
    await query(url, "alter table changeover.history rename to elsewhere");
    expect((await runCli(["down", "2", ...ends], { cwd })).code).toBe(0);
    expect((await runCli(["history", ...ends], { cwd })).stdout).toMatch(/^no history/);
    await query(url, "alter table changeover.elsewhere rename to history");
    expect(told(await historyOf(url))).toEqual([["up", "done", null]]);
    expect((await historyOf(url))[0]?.details).toEqual({ migrations: ["0001_t"] });
  });
});
