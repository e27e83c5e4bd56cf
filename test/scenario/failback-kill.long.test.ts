import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SCHEMA =
  "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT UNIQUE); INSERT INTO t VALUES(1, 'a'), (2, 'b'); CREATE TABLE bag(x)";

async function cutOver(schema = SCHEMA) {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(schema);
  const url = await emptyDatabase();
  const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
  const run = (...args: string[]) => runCli([...args, "--json"], { cwd, env });
  expect((await run("full", "--yes")).code).toBe(0);
  return { cwd, env, application, url, run };
}

describe("a return that is disturbed", () => {
  // At each step by name: test/failback/every-step.db.test.ts.
  it("killed at any moment behind the fence never leaves both databases open, and the same command ends it", {
    timeout: 300_000,
  }, async () => {
    const { cwd, env, application, url, run } = await cutOver();
    const outcomes = { returned: 0, fenced: 0, open: 0 };
    for (let round = 0; round < 2; round++) {
      await query(url, `insert into t values (${100 + round}, 'round ${round}')`);
      const rollback = startCli(["rollback", "--yes"], { cwd, env });
      await rollback.saw(/the target is fenced/);
      await delay(round * 40);
      rollback.child.kill("SIGKILL");
      await rollback.ended;
      const target = await query(url, `insert into bag values ('${round}')`).then(
        () => "open",
        () => "refused",
      );
      const source = await application.execute("INSERT INTO bag VALUES('s')").then(
        () => "open",
        () => "refused",
      );
      expect([target, source]).not.toEqual(["open", "open"]);
      outcomes[source === "open" ? "returned" : target === "open" ? "open" : "fenced"]++;
      if (source === "open") await application.execute("DELETE FROM bag WHERE x = 's'");
      const again = await run("rollback", "--yes");
      expect(again.stderr).not.toContain("error:");
      // Killed after it was done: then this one undid the run.
      const result = JSON.parse(again.stdout) as { phase: string };
      expect((await application.execute(`SELECT v FROM t WHERE id = ${100 + round}`)).rows).toHaveLength(1);
      await application.execute(`UPDATE t SET v = v || ' back' WHERE id = ${100 + round}`);
      if (result.phase === "returned") {
        expect((await run("sync", "--until", "caught-up")).code).toBe(0);
        expect(JSON.parse((await run("cutover", "--yes")).stdout)).toMatchObject({ ok: true });
      } else expect((await run("full", "--yes")).code).toBe(0);
      expect(JSON.parse((await run("check")).stdout)).toMatchObject({ ok: true, differences: 0 });
    }
    expect(outcomes.returned + outcomes.fenced + outcomes.open).toBe(2);
  });

  it("gives up when a transaction in PostgreSQL does not end, and the target is open as before", {
    timeout: 120_000,
  }, async () => {
    const { url, run } = await cutOver();
    const target = openTarget({ url });
    const session = await target.session();
    await session.run("begin; insert into t values (7, 'long')");
    const refused = await run("rollback", "--yes", "--max-downtime", "1s");
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("TARGET_BUSY");
    await query(url, "insert into bag values ('open')");
    await session.run("commit");
    await target.close();
    expect(JSON.parse((await run("rollback", "--yes")).stdout)).toMatchObject({ ok: true, phase: "returned" });
  });

  it("lets the target go on when a row cannot go back, and says which table and column", {
    timeout: 120_000,
  }, async () => {
    const { application, url, run } = await cutOver(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, r REAL CHECK (r <> 5)); INSERT INTO t VALUES(1, 1.5)",
    );
    await query(url, "insert into t values (2, 'NaN')");
    const refused = await run("rollback", "--yes");
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: {
        code: "FAILBACK_LOSES_DATA",
        message: expect.stringContaining("t.r: 1 value that SQLite cannot hold becomes NULL (key 2)") as string,
      },
    });
    await query(url, "alter table t drop constraint if exists t_r_check; update t set r = 5 where id = 2");
    expect((await run("rollback", "--yes")).stdout).toContain("ROW_CANNOT_RETURN");
    await query(url, "update t set r = 6 where id = 2");
    await expect(application.execute("DELETE FROM t")).rejects.toThrow(/CHANGEOVER_FENCED/);
    expect(JSON.parse((await run("rollback", "--yes")).stdout)).toMatchObject({ ok: true, phase: "returned" });
    expect((await application.execute("SELECT r FROM t WHERE id = 2")).rows[0]?.["r"]).toBe(6);
  });

  it("brings nothing back to a source whose fence somebody took down, or whose schema changed", {
    timeout: 120_000,
  }, async () => {
    const { application, url, run } = await cutOver();
    await query(url, "insert into t values (3, 'c')");
    await application.execute("ALTER TABLE t ADD COLUMN more");
    expect((await run("sync", "--until", "caught-up")).stdout).toContain("SCHEMA_DRIFT");
    await application.execute("ALTER TABLE t DROP COLUMN more");
    expect((await run("sync", "--until", "caught-up")).code).toBe(0);
    await query(url, "insert into t values (4, 'd')");
    await application.execute("DROP TABLE _changeover_fence").catch(() => {});
    const { rows } = await application.execute(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '\\_changeover\\_fence%' ESCAPE '\\'",
    );
    for (const { name } of rows) await application.execute(`DROP TRIGGER "${String(name)}"`);
    expect((await run("rollback", "--yes")).stdout).toContain("SOURCE_UNFENCED");
    expect(JSON.parse((await run("complete", "--yes")).stdout)).toMatchObject({ ok: true });
  });

  it("that is complete leaves the target's tables to migrations again", { timeout: 60_000 }, async () => {
    const { url, run } = await cutOver();
    expect(JSON.parse((await run("rollback", "--yes")).stdout)).toMatchObject({ phase: "returned" });
    expect(JSON.parse((await run("down", "--yes")).stdout)).toMatchObject({
      error: { code: "MIGRATION_INCOMPATIBLE_WITH_RUN" },
    });
    expect((await run("complete", "--yes")).code).toBe(0);
    expect((await run("down", "all", "--yes")).code).toBe(0);
    expect(await query(url, "select to_regclass('t') as t")).toEqual([{ t: null }]);
  });

  it("without a failback, says so and goes nowhere", { timeout: 60_000 }, async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(SCHEMA);
    const url = await emptyDatabase();
    const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
    expect(JSON.parse((await runCli(["full", "--yes", "--no-failback", "--json"], { cwd, env })).stdout)).toMatchObject(
      {
        ok: true,
        failback: false,
      },
    );
    expect(
      await query(url, "select column_name from information_schema.columns where column_name like '\\_changeover%'"),
    ).toEqual([]);
    expect((await runCli(["rollback", "--yes"], { cwd, env })).stderr).toContain("[ALREADY_CUT_OVER]");
  });
});
