import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SHOP = `
  CREATE TABLE items(id INTEGER PRIMARY KEY, price DECIMAL, sold DATETIME, seen TIMESTAMP, rate REAL, code STRING,
    name TEXT);
  CREATE TABLE parent(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
  CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id));
  CREATE TABLE log(line TEXT);
  INSERT INTO items VALUES(1, 9.5, '2024-01-01 10:00:00', 1700000000, 0.5, 'abc', 'one'), (2, 10.25,
    '2024-01-02 11:30:00', 1700000001, 1.5, 'abd', 'two');
  INSERT INTO parent VALUES(1, 'a'), (2, 'b'), (3, 'c');
`;

async function cutOver(schema: string, types: "plain" | "enhanced" = "enhanced") {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(schema);
  const url = await emptyDatabase();
  const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
  const run = async (
    ...args: string[]
  ): Promise<{ readonly code: number | null; readonly stderr: string } & Record<string, unknown>> => {
    const { code, stderr, stdout } = await runCli([...args, "--json"], { cwd, env });
    return { code, stderr, ...(JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>) };
  };
  expect(await run("schema", "--write", "--types", types)).toMatchObject({ code: 0 });
  expect(await run("full")).toMatchObject({ code: 0, ok: true });
  const columnsOf = async (sql: string) =>
    (await application.execute(sql)).rows.map((row) => Object.values(row).map(String).join(" "));
  return { application, url, run, cwd, env, columnsOf };
}

const writable = (url: string) => query(url, "update items set name = name where id = 1");

describe("a return that would lose something", () => {
  it("names new tables and columns, digits, and timestamps beyond SQLite's, by key, before it fences anything", {
    timeout: 240_000,
  }, async () => {
    const { columnsOf, url, run } = await cutOver(SHOP);
    await query(
      url,
      "update items set price = 123456789012345678901234567890.123456789, sold = '10000-01-01', " +
        "rate = 'NaN' where id = 2",
    );
    await query(url, "alter table items add column note text; update items set note = 'kept' where id = 1");
    await query(url, "create table extra(id int primary key); insert into extra values (1), (2)");
    await query(url, "create view shown as select 1 as one; create index items_name on items(name)");

    const refused = await run("rollback", "--yes");
    expect(refused).toMatchObject({
      code: 1,
      error: {
        code: "FAILBACK_LOSES_DATA",
        hint: expect.stringContaining("--accept-loss") as string,
        losses: expect.arrayContaining([
          { table: "extra", column: null, kind: "table_added", count: 2, keys: [], announced: false },
          { table: "items", column: "note", kind: "column_added", count: 1, keys: ["1"], announced: false },
          { table: "items", column: "price", kind: "rounded", count: 1, keys: ["2"], announced: false },
          { table: "items", column: "sold", kind: "null", count: 1, keys: ["2"], announced: false },
          { table: "items", column: "rate", kind: "null", count: 1, keys: ["2"], announced: false },
          expect.objectContaining({ kind: "object_added", object: "view shown", announced: true }),
          expect.objectContaining({ kind: "object_added", object: "index items_name", announced: true }),
        ]) as unknown[],
      },
    });
    // No value is told, only where it is.
    expect(refused.stderr).not.toContain("123456789012345678901234567890");
    expect(refused.stderr).toMatch(/items\.price: 1 value is cut .*\(key 2\)/);
    await writable(url);
    expect(await run("check")).toMatchObject({ code: 0, ok: true, differences: 0 });

    // What was put right is not listed any more.
    await query(url, "update items set rate = 2.5 where id = 2");
    // That an epoch has no fractions was said at the cutover: it is counted, not asked.
    await query(url, "update items set seen = '2024-05-05 05:05:05.75+00' where id = 1");
    await query(
      url,
      "do $$ begin insert into parent(name) values ('d'); insert into log(line) values ('made'); " +
        "insert into child(id, parent) values (1, lastval()); end $$",
    );
    const accepted = await run("rollback", "--yes", "--accept-loss");
    expect(accepted).toMatchObject({ code: 0, ok: true, phase: "returned" });
    expect((accepted["losses"] as { kind: string }[]).map(({ kind }) => kind).sort()).toEqual([
      "column_added",
      "null",
      "object_added",
      "object_added",
      "rounded",
      "rounded",
      "table_added",
    ]);
    expect(accepted["losses"]).toContainEqual({
      table: "items",
      column: "seen",
      kind: "rounded",
      count: 1,
      keys: ["1"],
      announced: true,
    });
    expect(await columnsOf("SELECT parent, (SELECT line FROM log) FROM child")).toEqual(["4 made"]);
    expect(await columnsOf("SELECT typeof(price), typeof(sold), typeof(rate), name FROM items ORDER BY id")).toEqual([
      "real text real one",
      "real null real two",
    ]);
    // Forward again PostgreSQL takes those rows as the source has them.
    expect(await run("sync", "--until", "caught-up")).toMatchObject({ code: 0 });
    expect(await run("check")).toMatchObject({ code: 0, ok: true, differences: 0 });
  });

  it("follows columns that were renamed or retyped, and names what was dropped", { timeout: 240_000 }, async () => {
    const { columnsOf, url, run } = await cutOver(SHOP);
    await query(url, "alter table items rename name to label; update items set label = 'renamed' where id = 1");
    await query(url, "alter table items alter rate type numeric; update items set rate = 7.25 where id = 1");
    await query(url, "alter table parent rename to ancestor; insert into ancestor(name) values ('d')");
    await query(url, "alter table items drop column code; drop table log");
    const refused = await run("rollback", "--yes");
    expect(refused).toMatchObject({
      code: 1,
      error: {
        code: "FAILBACK_LOSES_DATA",
        losses: [
          expect.objectContaining({ table: "items", column: "code", kind: "column_dropped" }),
          expect.objectContaining({ table: "log", kind: "table_dropped" }),
        ],
      },
    });
    expect(await run("rollback", "--yes", "--accept-loss")).toMatchObject({ code: 0, ok: true });
    expect(await columnsOf("SELECT name, rate, code FROM items WHERE id = 1")).toEqual(["renamed 7.25 abc"]);
    expect(await columnsOf("SELECT name FROM parent WHERE id = 4")).toEqual(["d"]);
  });
});

describe("after the switch", () => {
  it("a datetime column that was empty comes back as the other dates are written, an empty text as the text", {
    timeout: 240_000,
  }, async () => {
    const { columnsOf, url, run } = await cutOver(`
      CREATE TABLE a(id INTEGER PRIMARY KEY, made DATETIME, deleted DATETIME, note TEXT, tag STRING, kind VARCHAR(20));
      INSERT INTO a(id, made) VALUES(1, '2024-01-01T10:00:00.000Z'), (2, '2024-01-02T10:00:00.250Z');
      CREATE TABLE b(id INTEGER PRIMARY KEY, at DATETIME, own DATETIME DEFAULT CURRENT_TIMESTAMP);`);
    await query(
      url,
      "update a set deleted = '2025-05-05 05:05:05.5', note = 'n', tag = '007', kind = '0.50' where id = 1; ",
    );
    await query(url, "insert into b(id, at, own) values (1, '2025-06-06 06:06:06', '2025-06-06 06:06:07')");
    const refused = await run("rollback", "--yes");
    // SQLite takes STRING for a number, as it would from the application.
    expect(refused).toMatchObject({
      error: { losses: [{ table: "a", column: "tag", kind: "number", count: 1, keys: ["1"] }] },
    });
    await query(url, "update a set tag = 'x7' where id = 1");
    expect(await run("rollback", "--yes")).toMatchObject({ code: 0, ok: true, losses: [] });
    expect(await columnsOf("SELECT typeof(deleted), deleted, note, tag, kind FROM a WHERE id = 1")).toEqual([
      "text 2025-05-05T05:05:05.500Z n x7 0.50",
    ]);
    expect(await columnsOf("SELECT at, own FROM b")).toEqual(["2025-06-06T06:06:06.000Z 2025-06-06 06:06:07"]);
  });
});
