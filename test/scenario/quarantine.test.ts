import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

/** Good and bad values side by side: some that our own predicates see, some that only PostgreSQL refuses. */
const SOURCE = `
  CREATE TABLE reading(id INTEGER PRIMARY KEY, taken INTEGER, level TEXT, note TEXT);
  INSERT INTO reading(id, taken, level, note) VALUES
    (1, 10, '{"a":1}', 'good'),
    (2, 'ten', '{"a":1}', 'an integer column with text'),
    (3, 30, '{broken', 'no JSON: PostgreSQL says so'),
    (4, 70000, '{"a":1}', 'beyond smallint: PostgreSQL says so'),
    (5, 50, '[]', 'good'),
    (6, 60, '{"a":1}', 'a CHECK of the target refuses it'),
    (7, -1, NULL, 'good');
  CREATE TABLE untouched(id INTEGER PRIMARY KEY, v TEXT);
  INSERT INTO untouched(v) VALUES ('x'), ('y');
`;
const TARGET = `
  create table reading(id bigint primary key, taken smallint, level jsonb, note text, constraint not_sixty
    check (taken <> 60));
  create table untouched(id bigint primary key, v text);
`;

async function prepared(rules: object) {
  const { path, application } = await sqliteFile(SOURCE);
  const target = await emptyDatabase();
  await query(target, TARGET);
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "changeover.config.json"), JSON.stringify(rules));
  return { path, application, target, cwd, ends: ["--source", path, "--target", target] };
}

const rows = (target: string) =>
  query<{ id: number; taken: number | null; level: unknown }>(
    target,
    "select id::int, taken, level from reading as r order by r.id",
  );
const ACCEPT = ["--accept", "VALUE_NOT_CONVERTIBLE", "--accept", "MIXED_STORAGE"];

describe("a value that the target cannot take", () => {
  it("stops the run with its key where no rule says otherwise", async () => {
    const { ends, cwd } = await prepared({});
    const result = await runCli(["data", ...ends, "--json"], { cwd });
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/"code":"(VALUE_NOT_CONVERTIBLE|BLOCKING_FINDINGS)"/);
  });

  it("is quarantined with its row, its neighbours arrive, and the exit code says so", async () => {
    const { ends, cwd, target } = await prepared({ tables: { reading: { onBadValue: "quarantine" } } });
    const data = await runCli(["data", ...ends, "--json"], { cwd });
    expect(JSON.parse(data.stdout)).toMatchObject({ ok: false, differences: 0, quarantined: 4 });
    expect(data.code).toBe(1);
    expect((await rows(target)).map(({ id }) => id)).toEqual([1, 5, 7]);
    const noted = await query<{ key: string; column_name: string | null; row: Record<string, unknown> }>(
      target,
      "select key->0->>'value' as key, column_name, row from changeover.quarantine order by 1",
    );
    expect(noted.map(({ key, column_name }) => [key, column_name])).toEqual([
      ["2", "taken"],
      ["3", "level"],
      ["4", "taken"],
      ["6", null],
    ]);
    expect(noted[1]?.row["level"]).toEqual({ type: "text", hex: Buffer.from("{broken").toString("hex") });

    const check = await runCli(["check", ...ends, "--json"], { cwd });
    expect(JSON.parse(check.stdout)).toMatchObject({ ok: false, differences: 0, quarantined: 4 });
    const accepted = await runCli(["check", ...ends, "--accept", "QUARANTINED:reading", "--json"], { cwd });
    expect([accepted.code, JSON.parse(accepted.stdout).ok]).toEqual([0, true]);
    // A row that is missing without being in the ledger is a difference all the same.
    await query(target, "delete from reading where id = 5");
    expect(JSON.parse((await runCli(["check", ...ends, "--json"], { cwd })).stdout)).toMatchObject({ differences: 1 });
  });

  it("becomes NULL where the rule says so, whoever finds it bad", async () => {
    const { ends, cwd, target } = await prepared({
      tables: { reading: { columns: { taken: { onBadValue: "null" }, level: { onBadValue: "null" } } } },
    });
    await query(target, "alter table reading drop constraint not_sixty");
    const data = await runCli(["data", ...ends, "--json"], { cwd });
    expect(JSON.parse(data.stdout)).toMatchObject({ differences: 0 });
    expect((await rows(target)).map(({ id, taken, level }) => [id, taken, level === null])).toEqual([
      [1, 10, false],
      [2, null, false],
      [3, 30, true],
      [4, null, false],
      [5, 50, false],
      [6, 60, false],
      [7, -1, true],
    ]);
    // A good value that is NULL in the target is not excused by the rule.
    await query(target, "update reading set taken = null where id = 1");
    const check = JSON.parse((await runCli(["check", ...ends, "--json"], { cwd })).stdout);
    expect(check).toMatchObject({ ok: false, differences: 1 });
  });
});

describe("the quarantine", () => {
  it("lists without values, exports with them, and retries once the cause is gone", async () => {
    const { ends, cwd, target } = await prepared({ onBadValue: "quarantine" });
    await runCli(["data", ...ends], { cwd });
    const list = await runCli(["quarantine", ...ends], { cwd });
    expect(list.code).toBe(1);
    expect(list.stdout).toContain("reading: 4 rows kept out");
    expect(list.stdout).not.toContain("broken");
    expect((await runCli(["quarantine", "list", "--show-values", ...ends], { cwd })).stdout).toContain("{broken");
    const lines = (await runCli(["quarantine", "export", ...ends], { cwd })).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ row }) => row.id)).toEqual([2, 3, 4, 6]);
    expect(lines[1].row).toEqual({ id: 3, taken: 30, level: "{broken", note: "no JSON: PostgreSQL says so" });

    await query(target, "alter table reading drop constraint not_sixty");
    const retry = await runCli(["quarantine", "retry", ...ends, "--json"], { cwd });
    expect(JSON.parse(retry.stdout)).toEqual({
      ok: false,
      tried: 4,
      left: 3,
      next_steps: expect.any(Array) as unknown[],
    });
    expect((await rows(target)).map(({ id }) => id)).toEqual([1, 5, 6, 7]);
    expect(JSON.parse((await runCli(["check", ...ends, "--json"], { cwd })).stdout)).toMatchObject({
      differences: 0,
      quarantined: 3,
    });
  });

  it("takes rows in and gives them back while the application writes", async () => {
    const { application, ends, cwd, target } = await prepared({ onBadValue: "quarantine" });
    const sync = startCli(["sync", ...ends, ...ACCEPT], { cwd });
    const status = async () =>
      JSON.parse((await runCli(["status", ...ends, "--json"], { cwd })).stdout) as { phase: string; rejected: number };
    const until = async (what: () => Promise<boolean>) => {
      for (let attempt = 0; attempt < 100; attempt++) {
        if (await what()) return;
        await delay(100);
      }
      throw new Error(`not reached: ${JSON.stringify(await status())}`);
    };
    await until(async () => (await status()).phase === "syncing");
    // A good row turns bad in each way, a bad one good, a bad one goes, a bad one comes; a good one next to them
    // changes.
    await application.executeMultiple(`
      UPDATE reading SET taken = 'bad' WHERE id = 1;
      UPDATE reading SET taken = 60 WHERE id = 5;
      UPDATE reading SET level = '{}' WHERE id = 3;
      DELETE FROM reading WHERE id = 4;
      INSERT INTO reading(id, taken, level) VALUES (8, 80, 'worse'), (9, 90, '{}');
      UPDATE reading SET note = 'changed' WHERE id = 7;
    `);
    await until(async () => (await rows(target)).map(({ id }) => id).join() === "3,7,9");
    const noted = await query<{ key: string }>(
      target,
      "select key->0->>'value' as key from changeover.quarantine order by 1",
    );
    expect(noted.map(({ key }) => key)).toEqual(["1", "2", "5", "6", "8"]);
    const check = await runCli(["check", ...ends, "--json"], { cwd });
    expect(JSON.parse(check.stdout)).toMatchObject({ differences: 0, quarantined: 5 });
    await query(target, "alter table reading drop constraint not_sixty");
    const retry = await runCli(["quarantine", "retry", ...ends, "--json"], { cwd });
    expect(JSON.parse(retry.stdout)).toEqual({
      ok: false,
      tried: 5,
      left: 3,
      next_steps: expect.any(Array) as unknown[],
    });
    sync.child.kill("SIGINT");
    await sync.ended;
    const cutover = await runCli(["cutover", "--yes", ...ends, "--json"], { cwd });
    expect(JSON.parse(cutover.stdout)).toMatchObject({ ok: true, phase: "cut-over", quarantined: 3 });
    expect(cutover.code).toBe(1);
    expect((await rows(target)).map(({ id }) => id)).toEqual([3, 5, 6, 7, 9]);
  });

  it("holds what a run that had stopped at a bad value meets, once a rule is written", async () => {
    const { application, ends, cwd, target } = await prepared({});
    await application.execute("DELETE FROM reading WHERE id IN (2, 3, 4, 6)");
    expect((await runCli(["sync", "--until", "caught-up", ...ends], { cwd })).code).toBe(0);
    await application.execute("INSERT INTO reading(id, taken) VALUES (10, 'bad'), (11, 1)");
    const stopped = await runCli(["sync", "--until", "caught-up", ...ends], { cwd });
    expect(stopped.stderr).toContain("[VALUE_NOT_CONVERTIBLE]");
    const goesOn = await runCli(["sync", "--until", "caught-up", ...ends, "--on-bad-value", "quarantine"], { cwd });
    expect(goesOn.code).toBe(1);
    expect(goesOn.stdout).toContain("1 row is in quarantine");
    expect((await rows(target)).map(({ id }) => id)).toEqual([1, 5, 7, 11]);
  });
});
