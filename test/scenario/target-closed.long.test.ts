import { expect, it } from "vitest";
import type { openMigration } from "../../src/migration.ts";
import { runCli } from "../support/cli.ts";
import { cameToPass, atTarget as commandAtTarget, disturbed } from "../support/disturb.ts";
import { migrating, ours, TRICK } from "../support/migrating.ts";
import { stranger } from "../support/stranger.ts";
import { superuser } from "../support/superuser.ts";

it("does not open if a superuser writes while the source is fenced", async () => {
  const { application, migration, other, url } = await migrating();
  await migration.sync({ until: "caught-up" });
  const all = new URL(await superuser());
  all.pathname = new URL(url).pathname;
  const root = await stranger(all.href);
  const cutover = migration.cutover({
    maxDowntimeMs: 20_000,
    hooks: {
      "before-open": async () => {
        expect(await root.tries("set session_replication_role = replica; update accounts set balance = 0")).toContain(
          "state=not-open",
        );
        expect(await root.tries(TRICK("update accounts set balance = 0 where id = 2"))).toBeNull();
      },
    },
  });
  await expect(cutover).rejects.toMatchObject({
    code: "CUTOVER_UNDONE",
    phase: "syncing",
    reason: "TARGET_FENCE_BROKEN",
  });
  await application.execute("INSERT INTO accounts VALUES(4, 400)");
  await expect(migration.cutover()).rejects.toMatchObject({ code: "DIFFERENCES" });
  expect(await migration.check({ repair: true })).toMatchObject({ ok: true, repaired: 1 });
  expect(await migration.cutover()).toMatchObject({ phase: "cut-over" });
  expect(await other.rows("select sum(balance)::int as n from accounts")).toEqual([{ n: 1_000 }]);
  await migration.close();
});

it("is open, and without a trace of the fence, whichever way the run ends", { timeout: 90_000 }, async () => {
  const ends: Readonly<Record<string, (migration: ReturnType<typeof openMigration>) => Promise<unknown>>> = {
    "a cutover without a failback": (migration) => migration.full({ failback: false }),
    complete: (migration) => migration.full().then(() => migration.complete()),
    data: (migration) => migration.data(),
    "data that is not verified": (migration) => migration.data({ verify: false }),
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

it("stays closed where `data` is killed before the end, and opens for good with its next run", async () => {
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
