import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { project, sqlMigration } from "../support/migrations.ts";
import { emptyDatabase, query } from "../support/target.ts";

const BIN = fileURLToPath(new URL("../../bin/changeover.js", import.meta.url));
const ITEMS = sqlMigration("create table items(id bigserial primary key, name text not null)", "drop table items");

async function items(): Promise<{ readonly cwd: string; readonly url: string; readonly ends: readonly string[] }> {
  const url = await emptyDatabase();
  const { cwd } = project({ "0001_items.sql": ITEMS });
  const ends = ["--target", url, "--yes"];
  expect((await runCli(["up", ...ends], { cwd })).code).toBe(0);
  return { cwd, url, ends };
}

const digest = "select count(*)::int as n, md5(string_agg(i::text, ',' order by id)) as rows from items i";

describe("down of a table that holds rows", () => {
  it("says where they are and how to have them back, and that is so; killed in the middle it has undone nothing " +
    "and left no backup", {
    timeout: 60_000,
  }, async () => {
    const { cwd, url, ends } = await items();
    await query(url, "insert into items(name) select md5(i::text) || md5((-i)::text) from generate_series(1, 60000) i");
    const before = await query(url, digest);
    const killed = startCli(["down", ...ends], { cwd });
    const home = join(cwd, "changeover-backups");
    const written = () =>
      readdirSync(home, { recursive: true, encoding: "utf8" }).reduce(
        (sum, name) => sum + (statSync(join(home, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
    await killed.saw(/backing up the rows of items/);
    while (written() < 1 << 18) await delay(2);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(readdirSync(home)).toEqual([expect.stringMatching(/^\d{8}T\d{6}Z-0001_items\.[0-9a-f]{8}\.unfinished$/)]);
    const refused = await runCli(["restore", join(home, readdirSync(home)[0] ?? ""), ...ends, "--json"], { cwd });
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: "RESTORE_NOT_A_BACKUP" } }]);
    expect(await query(url, digest)).toEqual(before);

    const down = await runCli(["down", ...ends], { cwd });
    const [, directory] =
      new RegExp(
        String.raw`^Backed up first: 60,000 rows of items: (\S+) \([\d.]+ MB\)\. ` +
          String.raw`To have it back: changeover up && changeover restore \1$`,
        "m",
      ).exec(down.stdout) ?? [];
    expect(directory).toMatch(/changeover-backups\/\d{8}T\d{6}Z-0001_items$/);
    await runCli(["up", ...ends], { cwd });
    const restored = await runCli(["restore", directory ?? "", ...ends, "--json"], { cwd });
    expect([restored.code, JSON.parse(restored.stdout)]).toMatchObject([
      0,
      { ok: true, rows: 60_000, tables: [{ table: "items", rows: 60_000, columns: null, gone: 0 }] },
    ]);
    expect(await query(url, digest)).toEqual(before);
    const [history] = await query<{ details: unknown }>(
      url,
      "select details::text as details from changeover.history where command = 'down' and outcome = 'done'",
    );
    expect(JSON.parse(String(history?.details))).toEqual({ migrations: ["0001_items"], backups: [directory] });
  });

  it("stops in good order in the middle, by Ctrl-C and where the server ends the connection: " +
    "nothing is undone, and nothing left", {
    timeout: 60_000,
  }, async () => {
    const { cwd, url, ends } = await items();
    await query(
      url,
      "insert into items(name) select md5(i::text) || md5((-i)::text) from generate_series(1, 300000) i",
    );
    const before = await query(url, digest);
    const stopped: readonly (readonly [
      code: number,
      says: RegExp,
      stop: (down: ReturnType<typeof startCli>) => unknown,
    ])[] = [
      [130, /interrupted \[INTERRUPTED\]/, (down) => down.child.kill("SIGINT")],
      [
        1,
        /\[TARGET_LOST\]/,
        () =>
          query(
            url,
            "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'copy (%' " +
              "and pid <> pg_backend_pid()",
          ),
      ],
    ];
    for (const [code, says, stop] of stopped) {
      const down = startCli(["down", ...ends], { cwd });
      await down.saw(/backing up the rows of items/);
      await stop(down);
      const ended = await down.ended;
      expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(says)]);
      expect(await query(url, digest)).toEqual(before);
      expect(readdirSync(join(cwd, "changeover-backups"))).toEqual([]);
    }
    expect(await query(url, "select command, outcome, code from changeover.history order by id")).toEqual([
      { command: "up", outcome: "done", code: null },
      { command: "down", outcome: "interrupted", code: "INTERRUPTED" },
      { command: "down", outcome: "failed", code: "TARGET_LOST" },
    ]);
  });

  it(
    "is refused where the disk is full in the middle, with nothing undone and nothing left; " +
      "--force goes on over the same connection",
    async () => {
      const { cwd, url, ends } = await items();
      await query(
        url,
        "insert into items(name) select md5(i::text) || md5((-i)::text) from generate_series(1, 20000) i",
      );
      const before = await query(url, digest);
      const down = (...args: string[]) =>
        spawnSync(
          "sh",
          [
            "-c",
            "trap '' XFSZ; ulimit -f 200; exec \"$@\"",
            "sh",
            process.execPath,
            BIN,
            "down",
            ...ends,
            "--json",
            ...args,
          ],
          { cwd, encoding: "utf8" },
        );
      const refused = down();
      expect([refused.status, JSON.parse(refused.stdout)]).toMatchObject([
        1,
        {
          error: {
            code: "DOWN_NO_BACKUP",
            message: expect.stringMatching(/the rows of items, .*EFBIG.*Nothing was undone/) as string,
          },
        },
      ]);
      expect(await query(url, digest)).toEqual(before);
      expect(readdirSync(join(cwd, "changeover-backups"))).toEqual([]);
      const forced = down("--force");
      expect(forced.stderr).toMatch(
        /warning: no backup of the rows of items could be written \(.*EFBIG.*\); --force continues without one/,
      );
      expect(JSON.parse(forced.stdout)).toMatchObject({ ok: true, undone: ["0001_items"], backups: [] });
    },
  );

  it("loses no row that was committed before the table was gone, while the application goes on writing", async () => {
    const { cwd, url, ends } = await items();
    const target = openTarget({ url });
    onTestFinished(() => target.close());
    let committed = 0;
    const writer = async () => {
      const session = await target.session();
      for (;;) {
        await session.rows("insert into items(name) values ('x')");
        committed++;
      }
    };
    const ended = Promise.allSettled([writer(), writer()]);
    while (committed < 50) await delay(5);
    const down = await runCli(["down", ...ends, "--json"], { cwd });
    const errors = (await ended).map((result) => (result.status === "rejected" ? String(result.reason) : "none"));
    expect(errors).toEqual([
      expect.stringMatching(/"items" does not exist/),
      expect.stringMatching(/"items" does not exist/),
    ]);
    expect(JSON.parse(down.stdout)).toMatchObject({ undone: ["0001_items"], backups: [{ rows: committed }] });
  });
});
