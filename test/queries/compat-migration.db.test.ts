import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { query } from "../support/target.ts";
import { shopInSync } from "./shop.ts";

const STATEMENTS = [
  "SELECT ifnull(name, 'none') FROM users ORDER BY id",
  "SELECT id FROM users WHERE active = 1 ORDER BY id",
  "SELECT strftime('%Y-%m', created_at) AS m, count(*) FROM users GROUP BY m ORDER BY m",
  "SELECT id FROM users WHERE json_extract(settings, '$.theme') = 'dark'",
  "SELECT id FROM orders ORDER BY id",
  "SELECT user_id, note FROM orders GROUP BY user_id",
  "UPDATE users SET name = ifnull(name, 'x')",
].map((sql) => ({ sql }));

describe("queries with compat", () => {
  it("writes a migration with what the statements need, which goes up and down, and serves them", async () => {
    const { migration, url } = await shopInSync(afterAll);
    const first = await migration.queries(STATEMENTS, { compat: true });
    expect(first.totals).toMatchObject({ compat: 5, same: 1, fails: 1 });
    const [path = ""] = first.written;
    const text = readFileSync(path, "utf8");
    expect(path).toMatch(/_sqlite_compat\.sql$/);
    for (const part of ["ifnull", "strftime", "json_extract", "sqlite_compat.= (leftarg = boolean"])
      expect(text, part).toContain(part);
    // Nothing that no statement asks for.
    for (const part of ["printf", "randomblob", "group_concat"]) expect(text, part).not.toContain(part);
    // It was tried in transactions that were rolled back.
    expect(await query(url, "select to_regnamespace('sqlite_compat') as there")).toEqual([{ there: null }]);

    await migration.migrations.up();
    const again = await migration.queries(STATEMENTS);
    expect(again.totals).toMatchObject({ same: 6, fails: 1 });
    await expect(migration.queries(STATEMENTS, { compat: true })).rejects.toMatchObject({ code: "COMPAT_PRESENT" });

    await migration.migrations.down();
    expect(await query(url, "select to_regnamespace('sqlite_compat') as there")).toEqual([{ there: null }]);
  });
});
