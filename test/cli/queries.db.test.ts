import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shopInSync } from "../queries/shop.ts";
import { startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { query } from "../support/target.ts";

describe("changeover queries", () => {
  let shop: Awaited<ReturnType<typeof shopInSync>>;
  let cwd: string;
  const run = (...args: readonly string[]) =>
    startCli([...args, "--source", shop.path, "--target", shop.url], { cwd }).ended;

  beforeAll(async () => {
    shop = await shopInSync(afterAll);
    cwd = temporaryDirectory(afterAll);
    writeFileSync(
      join(cwd, "app.sql"),
      "SELECT id FROM users WHERE name LIKE 'a%';\nSELECT user_id, note FROM orders GROUP BY user_id;\n" +
        "DELETE FROM users;\nUPDATE orders SET total = 0;\nINSERT INTO tags(name) VALUES ('x')",
    );
  });

  it("says of each statement what becomes of it, and fails where one fails", async () => {
    const { code, stdout } = await run("queries", "app.sql", "--json");
    const result = JSON.parse(stdout) as { ok: boolean; statements: Record<string, unknown>[] };
    expect(code).toBe(1);
    expect(result).toMatchObject({ ok: false, totals: { same: 3, rewritten: 1, fails: 1 } });
    expect(result.statements[0]).toMatchObject({ verdict: "fails", sql_state: "42803", is_accepted: false });
    expect(result.statements[1]).toMatchObject({ verdict: "rewritten", causes: [{ code: "LIKE_CASE" }, {}] });
  });

  it("leaves both databases as they were, whatever the statements write", async () => {
    const before = await query(shop.url, "select sum(hashtext(t::text)) as h from orders as t");
    await run("queries", "app.sql");
    expect(await query(shop.url, "select count(*)::int as n from users")).toEqual([{ n: 5 }]);
    expect(await query(shop.url, "select sum(hashtext(t::text)) as h from orders as t")).toEqual(before);
    const { rows } = await shop.application.execute("SELECT count(*) AS n, sum(total) AS t FROM orders");
    expect(Number(rows[0]?.["n"])).toBe(6);
    expect(Number(rows[0]?.["t"])).toBeGreaterThan(100);
    const left = await shop.application.execute("SELECT count(*) AS n FROM tags");
    expect(Number(left.rows[0]?.["n"])).toBe(3);
    expect(await shop.migration.check()).toMatchObject({ ok: true });
  });

  it("shows a rewrite as a diff, with cause and advice, and no value", async () => {
    writeFileSync(join(cwd, "null.sql"), "SELECT name, email FROM users ORDER BY name DESC");
    const { code, stdout } = await run("queries", "null.sql");
    expect(code).toBe(0);
    expect(stdout).toContain("  - SELECT name, email FROM users ORDER BY name DESC");
    expect(stdout).toContain('  + order by users.name collate "C" desc nulls last');
    expect(stdout).not.toContain("example.org");
    const shown = await run("queries", "null.sql", "--show-values");
    expect(shown.stdout).toContain("PostgreSQL: ");
  });

  it("stands in the way of a cutover that requires it, until the config accepts the statement", async () => {
    const refused = await run("cutover", "--require-queries", "app.sql", "--json", "--yes");
    expect(refused.code).toBe(1);
    expect(refused.stdout + refused.stderr).toContain("QUERIES_FAILED");
    expect((await shop.migration.status()).phase).toBe("syncing");
    const { stdout } = await run("queries", "app.sql", "--json");
    const [failing] = (JSON.parse(stdout) as { statements: { fingerprint: string }[] }).statements;
    writeFileSync(join(cwd, "changeover.config.json"), JSON.stringify({ queries: { accept: [failing?.fingerprint] } }));
    expect((await run("queries", "app.sql")).code).toBe(0);
    const rehearsed = await run("rehearse", "--require-queries", "app.sql");
    expect(rehearsed.stdout).toContain("ok   statements of the application: 5 distinct statements: 3 same");
  });

  it("says which line of a recorded file is malformed", async () => {
    writeFileSync(join(cwd, "bad.jsonl"), '{"sql": "SELECT 1"}\n{"sql": 5}\n');
    const { code, stderr } = await run("queries", "bad.jsonl");
    expect(code).toBe(2);
    expect(stderr).toContain("bad.jsonl:2");
  });
});
