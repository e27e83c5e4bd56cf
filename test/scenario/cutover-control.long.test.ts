import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SHOP = `
  CREATE TABLE customer(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
  CREATE TABLE purchase(id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer, total REAL);
  INSERT INTO customer(name) VALUES ('a'), ('b');
  INSERT INTO purchase(customer, total) VALUES (1, 1.5), (2, 2.5);
`;

async function synced(source = SHOP) {
  const { path, application } = await sqliteFile(source);
  const target = await emptyDatabase();
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", target];
  await runCli(["schema", "--write", ...ends], { cwd });
  await runCli(["up", ...ends], { cwd });
  await runCli(["sync", "--until", "caught-up", ...ends], { cwd });
  return { application, target, cwd, ends };
}

const logged = (cwd: string) =>
  existsSync(join(cwd, "hooks.log")) ? readFileSync(join(cwd, "hooks.log"), "utf8").trim().split("\n") : [];
const LOG = 'echo "$CHANGEOVER_HOOK rows=$CHANGEOVER_ROWS downtime=$CHANGEOVER_DOWNTIME_MS" >> hooks.log';
const ALL_HOOKS = ["before-fence", "after-fence", "before-open", "after-open", "on-abort"].flatMap((name) => [
  "--hook",
  `${name}=${LOG}`,
]);
const phase = async (target: string) =>
  (await query<{ phase: string }>(target, "select phase from changeover.run"))[0]?.phase;

describe("a cutover under control", () => {
  it("is rehearsed: each step is tried and undone, the downtime predicted, a broken foreign key named", async () => {
    const { application, cwd, ends, target } = await synced();
    await application.executeMultiple(
      "PRAGMA foreign_keys = OFF; INSERT INTO purchase(customer, total) VALUES (99, 9)",
    );
    const before = await query(
      target,
      "select conname::text as c from pg_constraint " +
        "where conrelid in ('customer'::regclass, 'purchase'::regclass) order by 1",
    );
    const dry = await runCli(["cutover", "--dry-run", ...ends, "--json"], { cwd });
    expect(JSON.parse(dry.stdout)).toMatchObject({ ok: true, predicted_downtime_ms: expect.any(Number) });
    const rehearsal = await runCli(["rehearse", ...ends, "--json"], { cwd });
    const { checks, ok, predicted_downtime_ms, steps } = JSON.parse(rehearsal.stdout);
    expect(ok).toBe(true);
    expect(predicted_downtime_ms).toBeLessThan(2_000);
    expect(steps.map(({ step }: { step: string }) => step)).toEqual([
      "fence",
      "drain",
      "verify",
      "open",
      "seal and commit",
    ]);
    expect(checks.find(({ check }: { check: string }) => check === "verified").detail).toBe(
      "5 rows compared, no difference",
    );
    expect(checks.find(({ check }: { check: string }) => check === "foreign keys").detail).toMatch(
      /break .*customer.*: they would stand, not validated/,
    );
    expect(
      await query(
        target,
        "select conname::text as c from pg_constraint " +
          "where conrelid in ('customer'::regclass, 'purchase'::regclass) order by 1",
      ),
    ).toEqual(before);
    expect(await phase(target)).toBe("syncing");
    await application.execute("INSERT INTO customer(name) VALUES ('c')");
    // A row that differs is what a rehearsal is for.
    await query(target, "update purchase set total = 0 where id = 1");
    await query(target, "update changeover.run set verified = null, verified_through = null");
    const refused = await runCli(["rehearse", ...ends], { cwd });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^NO {3}verified: .*purchase/m);
  });

  it("runs its hooks with the run's facts, in order", async () => {
    const { cwd, ends } = await synced();
    const cutover = await runCli(["cutover", "--yes", ...ALL_HOOKS, ...ends, "--json"], { cwd });
    expect(JSON.parse(cutover.stdout)).toMatchObject({ ok: true });
    expect(logged(cwd).map((line) => line.replace(/downtime=\d+/, "downtime=n"))).toEqual([
      "before-fence rows=4 downtime=",
      "after-fence rows=4 downtime=",
      "before-open rows=4 downtime=",
      "after-open rows=4 downtime=n",
    ]);
  });

  it.each(["before-fence", "after-fence", "before-open"])(
    "is undone when the hook %s fails, and the application goes on",
    async (name) => {
      const { application, cwd, ends, target } = await synced();
      writeFileSync(
        join(cwd, "changeover.config.json"),
        JSON.stringify({ hooks: { [name]: "exit 3", "on-abort": LOG } }),
      );
      const cutover = await runCli(["cutover", "--yes", ...ends, "--json"], { cwd });
      expect(cutover.code).toBe(1);
      expect(JSON.parse(cutover.stdout)).toMatchObject({
        ok: false,
        phase: "syncing",
        reason: { code: "HOOK_FAILED", message: `the hook ${name} failed: exit code 3` },
      });
      expect(logged(cwd)).toHaveLength(1);
      await application.execute("INSERT INTO customer(name) VALUES ('still here')");
      expect(await phase(target)).toBe("syncing");
      rmSync(join(cwd, "changeover.config.json"));
      expect(JSON.parse((await runCli(["cutover", "--yes", ...ends, "--json"], { cwd })).stdout)).toMatchObject({
        ok: true,
        verified: { rows: expect.any(Number), differences: 0 },
      });
    },
  );

  it("waits for what it is told to wait for, in sync meanwhile", async () => {
    const { application, cwd, ends, target } = await synced();
    writeFileSync(join(cwd, "postpone"), "");
    const cutover = startCli(
      [
        "cutover",
        "--postpone-until",
        "file-gone=postpone",
        "--postpone-until",
        "lag=100",
        "--postpone-until",
        `time=${new Date(Date.now() + 1_500).toISOString()}`,
        ...ends,
        "--json",
      ],
      { cwd },
    );
    await cutover.saw(/the cutover waits until the file/);
    await application.execute("INSERT INTO customer(name) VALUES ('meanwhile')");
    await delay(2_500);
    expect(await phase(target)).toBe("syncing");
    expect(await query(target, "select count(*)::int as n from customer")).toEqual([{ n: 3 }]);
    rmSync(join(cwd, "postpone"));
    expect(JSON.parse((await cutover.ended).stdout)).toMatchObject({ ok: true, phase: "cut-over" });
    // The next id was never given out before: a row that is put in and rolled back shows it.
    expect(
      await query(target, "begin; insert into customer(name) values ('new') returning id::int; rollback"),
    ).toBeDefined();
    expect(
      await query(
        target,
        "with new as (insert into customer(name) values ('new') returning id) select id::int from new",
      ),
    ).toEqual([{ id: 5 }]);
  });

  it("refuses a condition or a hook that it does not understand", async () => {
    const cwd = temporaryDirectory();
    for (const option of [
      ["--postpone-until", "later"],
      ["--postpone-until", "time=soon"],
      ["--hook", "after-lunch=true"],
      ["--max-downtime", "soon"],
    ]) {
      const result = await runCli(
        ["cutover", ...option, "--source", "x.db", "--target", "postgres://me@127.0.0.1:1/x"],
        { cwd },
      );
      expect(result.code).toBe(2);
    }
  });
});
