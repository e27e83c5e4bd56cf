import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTarget } from "../../src/db/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { project, sqlMigration } from "../support/migrations.ts";
import { emptyDatabase, query } from "../support/target.ts";

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
  it("says where they are and how to have them back, and that is so; killed in the middle it has undone nothing and left no backup", { timeout: 60_000 }, async () => {
    const { cwd, url, ends } = await items();
    await query(url, "insert into items(name) select md5(i::text) || repeat('x', 200) from generate_series(1, 200000) i");
    const before = await query(url, digest);
    const killed = startCli(["down", ...ends], { cwd });
    const home = join(cwd, "changeover-backups");
    const written = () => readdirSync(home, { recursive: true, encoding: "utf8" }).reduce((sum, name) => sum + (statSync(join(home, name), { throwIfNoEntry: false })?.size ?? 0), 0);
    await killed.saw(/backing up the rows of items/);
    while (written() < 1 << 20) await delay(2);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(readdirSync(home)).toEqual([expect.stringMatching(/^\d{8}T\d{6}Z-0001_items\.[0-9a-f]{8}\.unfinished$/)]);
    const refused = await runCli(["restore", join(home, readdirSync(home)[0] ?? ""), ...ends, "--json"], { cwd });
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: "RESTORE_NOT_A_BACKUP" } }]);
    expect(await query(url, digest)).toEqual(before);

    const down = await runCli(["down", ...ends], { cwd });
    const [, directory] = /^Backed up first: 200,000 rows of items: (\S+) \([\d.]+ MB\)\. To have it back: changeover up && changeover restore \1$/m.exec(down.stdout) ?? [];
    expect(directory).toMatch(/changeover-backups\/\d{8}T\d{6}Z-0001_items$/);
    await runCli(["up", ...ends], { cwd });
    const restored = await runCli(["restore", directory ?? "", ...ends, "--json"], { cwd });
    expect([restored.code, JSON.parse(restored.stdout)]).toMatchObject([0, { ok: true, rows: 200_000, tables: [{ table: "items", rows: 200_000, columns: null, gone: 0 }] }]);
    expect(await query(url, digest)).toEqual(before);
    const [history] = await query<{ details: unknown }>(url, "select details::text as details from changeover.history where command = 'down' and outcome = 'done'");
    expect(JSON.parse(String(history?.details))).toEqual({ migrations: ["0001_items"], backup: directory });
  });

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
    expect(errors).toEqual([expect.stringMatching(/"items" does not exist/), expect.stringMatching(/"items" does not exist/)]);
    expect(JSON.parse(down.stdout)).toMatchObject({ undone: ["0001_items"], backup: { rows: committed } });
  });
});
