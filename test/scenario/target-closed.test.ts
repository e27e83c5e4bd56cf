import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli, startCli } from "../support/cli.ts";
import { cameToPass, atTarget as commandAtTarget, disturbed } from "../support/disturb.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { type Stranger, stranger } from "../support/stranger.ts";
import { superuser } from "../support/superuser.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SOURCE = `
  CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
  CREATE TABLE visits(page TEXT);
  INSERT INTO accounts VALUES(1, 100), (2, 200), (3, 300);
  INSERT INTO visits VALUES('/a'), ('/b');
`;

async function migrating() {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(SOURCE);
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.up();
  const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
  const run = async (...args: string[]) => {
    const result = await runCli([...args, "--json"], { cwd, env });
    const last = result.stdout.trim().split("\n").at(-1) ?? "";
    return { ...result, json: JSON.parse(last === "" ? "{}" : last) as Record<string, unknown> };
  };
  return { application, cwd, env, migration, other: await stranger(url), path, run, url };
}

const ours = (other: Stranger) =>
  other.rows(
    "select tgname as name from pg_trigger where tgname like '\\_changeover%' union all select proname from pg_proc where proname = 'refuse_write'",
  );

/** Someone who may do anything writes past the fence and leaves everything as it was. */
const TRICK = (statement: string) =>
  `begin; alter table accounts disable trigger "_changeover_fence"; ${statement}; alter table accounts enable always trigger "_changeover_fence"; commit`;

describe("the target before it is open", () => {
  it("takes no write from a client that goes there on state=cutting-over, and each once it is open", {
    timeout: 90_000,
  }, async () => {
    const { application, cwd, env, other, run } = await migrating();
    expect((await run("sync", "--until", "caught-up")).json).toMatchObject({ ended: "caught-up" });
    const cutover = startCli(["cutover", "--max-downtime", "20000ms", "--hook", "after-fence=sleep 0.5", "--json"], {
      cwd,
      env,
    });
    const refusals = new Set<string>();
    let id = 1_000;
    const stateOf = (message: string) => {
      const state = /CHANGEOVER_FENCED state=([a-z-]+)/.exec(message)?.[1];
      if (state === undefined) throw new Error(message);
      refusals.add(state);
    };
    // To SQLite until it refuses, then to PostgreSQL for good: the naive client.
    for (;;) {
      const refused = await application.execute(`INSERT INTO accounts VALUES(${++id}, 1)`).then(
        () => null,
        (error: unknown) => String(error),
      );
      if (refused === null) await delay(20);
      else {
        stateOf(refused);
        break;
      }
    }
    let isOver = false;
    void cutover.ended.then(() => {
      isOver = true;
    });
    for (;;) {
      const isLast = isOver;
      const refused = await other.tries(
        `insert into accounts values (${id}, 2); update accounts set balance = 101 where id = 1`,
      );
      if (refused === null || isLast) break;
      stateOf(refused);
      await delay(5);
    }
    const ended = await cutover.ended;
    expect(JSON.parse(ended.stdout.trim().split("\n").at(-1) ?? ""), ended.stderr).toMatchObject({
      ok: true,
      phase: "cut-over",
    });
    expect([...refusals]).toEqual(["cutting-over", "not-open"]);
    expect(await other.rows("select count(*)::int as n, max(balance)::int as most from accounts")).toEqual([
      { n: id - 1_000 + 3, most: 300 },
    ]);
    // What was written in PostgreSQL is logged, all of it: so the way back is free.
    expect((await run("rollback", "--yes")).json).toMatchObject({ ok: true, phase: "returned" });
    expect((await application.execute("SELECT balance FROM accounts WHERE id = 1")).rows[0]?.[0]).toBe(101n);
    expect(await other.tries("delete from visits")).toContain("state=returned");
    expect((await run("sync", "--until", "caught-up")).json).toMatchObject({ ended: "caught-up" });
    expect(await other.tries("delete from visits")).toContain("state=not-open");
  });

  it("finds what one who may do anything wrote all the same, names it, undoes it, and then opens", {
    timeout: 90_000,
  }, async () => {
    const { env, other, path, run, url } = await migrating();
    expect((await run("sync", "--until", "caught-up")).json).toMatchObject({ ended: "caught-up" });
    // All is verified, and nothing was changed in the source since.
    expect((await run("check")).json).toMatchObject({ ok: true, differences: 0 });
    expect(await other.tries("update accounts set balance = 0")).toMatch(/state=not-open source=\S*app\.db/);
    expect(
      await other.tries(
        TRICK(
          "update accounts set balance = 0 where id = 2; delete from accounts where id = 3; insert into accounts values (77, 7)",
        ),
      ),
    ).toBeNull();
    const refused = await run("cutover");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('others could write to "public"."accounts" of the target');
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/DIFFERENCES[^]*accounts: 3 rows/);
    expect((await run("check")).json).toMatchObject({
      ok: false,
      differences: 3,
      tables: [
        {
          table: "accounts",
          examples: expect.arrayContaining([
            expect.objectContaining({ key: "2", what: "different" }),
            expect.objectContaining({ key: "3", what: "missing" }),
            expect.objectContaining({ key: "77", what: "extra" }),
          ]),
        },
        { table: "visits", differences: 0 },
      ],
    });
    expect((await run("check", "--repair")).json).toMatchObject({ ok: true, repaired: 3 });
    expect((await run("cutover")).json).toMatchObject({ ok: true, phase: "cut-over" });
    expect(await query(url, "select id::int, balance::int from accounts order by accounts.id")).toEqual([
      { id: 1, balance: 100 },
      { id: 2, balance: 200 },
      { id: 3, balance: 300 },
    ]);
    expect(env.CHANGEOVER_SOURCE).toBe(path);
    expect((await run("rollback", "--yes")).json).toMatchObject({ ok: true, phase: "returned" });
  });

  it("does not open if a superuser writes while the source is fenced", async () => {
    const { application, migration, other, url } = await migrating();
    await migration.sync({ until: "caught-up" });
    const all = new URL(await superuser());
    all.pathname = new URL(url).pathname;
    const root = await stranger(all.href);
    const result = await migration.cutover({
      maxDowntime: 20_000,
      hooks: {
        "before-open": async () => {
          expect(await root.tries("set session_replication_role = replica; update accounts set balance = 0")).toContain(
            "state=not-open",
          );
          expect(await root.tries(TRICK("update accounts set balance = 0 where id = 2"))).toBeNull();
        },
      },
    });
    expect(result).toMatchObject({ ok: false, phase: "syncing", reason: { code: "TARGET_FENCE_BROKEN" } });
    await application.execute("INSERT INTO accounts VALUES(4, 400)");
    await expect(migration.cutover()).rejects.toMatchObject({ code: "DIFFERENCES" });
    expect(await migration.check({ repair: true })).toMatchObject({ ok: true, repaired: 1 });
    expect(await migration.cutover()).toMatchObject({ ok: true });
    expect(await other.rows("select sum(balance)::int as n from accounts")).toEqual([{ n: 1_000 }]);
    await migration.close();
  });

  it("is open, and without a trace of the fence, whichever way the run ends", { timeout: 90_000 }, async () => {
    const ends: Readonly<Record<string, (migration: ReturnType<typeof openMigration>) => Promise<unknown>>> = {
      "a cutover without a way back": (migration) => migration.full({ wayBack: false }),
      complete: (migration) => migration.full().then(() => migration.complete()),
      data: (migration) => migration.data(),
      "data that is not verified": (migration) => migration.dataUnverified(),
      "a rollback of a sync": (migration) => migration.sync({ until: "caught-up" }).then(() => migration.rollback()),
      "a rollback after a return": (migration) =>
        migration
          .full()
          .then(() => migration.rollback())
          .then(() => migration.rollback()),
    };
    for (const [end, reach] of Object.entries(ends)) {
      const { migration, other } = await migrating();
      await reach(migration);
      await migration.close();
      expect(await ours(other), end).toEqual([]);
      // Rolled back, the tables are gone.
      if (!end.includes("rollback")) expect(await other.tries("insert into accounts values (9, 9)"), end).toBeNull();
    }
  });

  it("stays closed where `data` is killed before the end, and opens with its next run, never to be closed again", async () => {
    const { cwd, env, other, run } = await migrating();
    const killed = await runCli(["data"], {
      cwd,
      env: { ...env, ...disturbed([commandAtTarget("delete from changeover.closed_target", "kill")], cwd) },
    });
    expect(killed.signal, killed.stderr).toBe("SIGKILL");
    expect(cameToPass(cwd)).toBe(true);
    expect(await other.tries("delete from accounts")).toContain("state=not-open");
    expect((await run("data")).json).toMatchObject({ ok: true, rows: 5 });
    expect(await ours(other)).toEqual([]);
    expect(await other.tries("update accounts set balance = 5 where id = 1")).toBeNull();
    expect((await run("data")).json).toMatchObject({ ok: false, differences: 1 });
    expect(await other.tries("update accounts set balance = 6 where id = 1")).toBeNull();
  });
});
