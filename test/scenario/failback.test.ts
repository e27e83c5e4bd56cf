import type { Client } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

/** Values in many forms, tables with and without a key, and triggers of the application's own. */
const SHOP = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    vip BOOLEAN NOT NULL DEFAULT 0, joined DATETIME, seen TIMESTAMP, born DATE, changes INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE orders(id TEXT PRIMARY KEY NOT NULL, customer INTEGER REFERENCES customers(id) ON DELETE CASCADE ON
    UPDATE CASCADE, total DECIMAL(10,2), weight REAL, data JSON, picture BLOB, note TEXT);
  CREATE TABLE lines(customer INTEGER NOT NULL, number INTEGER NOT NULL, word TEXT, PRIMARY KEY(customer,
    number)) WITHOUT ROWID;
  CREATE TABLE visits(page TEXT, seconds REAL);
  CREATE TABLE audit(id INTEGER PRIMARY KEY, what TEXT);
  CREATE VIRTUAL TABLE notes USING fts5(note, content='orders', content_rowid='rowid');
  CREATE TRIGGER customers_changed AFTER UPDATE OF email ON customers BEGIN UPDATE customers
    SET changes = changes + 1 WHERE id = NEW.id; INSERT INTO audit(what) VALUES('changed ' || OLD.id); END;
  CREATE TRIGGER orders_checked BEFORE INSERT ON orders WHEN NEW.total < 0 BEGIN SELECT RAISE(ABORT, 'negative'); END;
  CREATE TRIGGER orders_ai AFTER INSERT ON orders BEGIN INSERT INTO notes(rowid, note) VALUES(NEW.rowid, NEW.note); END;
  CREATE TRIGGER orders_ad AFTER DELETE ON orders BEGIN INSERT INTO notes(notes, rowid, note) VALUES('delete',
    OLD.rowid, OLD.note); END;
  CREATE TRIGGER orders_au AFTER UPDATE ON orders BEGIN INSERT INTO notes(notes, rowid, note) VALUES('delete',
    OLD.rowid, OLD.note); INSERT INTO notes(rowid, note) VALUES(NEW.rowid, NEW.note); END;
  INSERT INTO customers(id, email, vip, joined, seen, born) VALUES
    (1, 'a@x', 1, '2024-01-01T10:00:00.000Z', 1700000000, '1990-05-05'), (2, 'b@x', 0, '2024-01-02T03:04:05.678Z',
      1700000001, NULL), (3, 'c@x', 0, '2024-01-03T00:00:00.000Z', 1700000002, '2000-01-01'), (4, 'd@x', 0, NULL,
        NULL, NULL);
  INSERT INTO orders VALUES('o1', 1, 9.99, 0.1, '{"a":1,"b":[1,2]}', x'00ff', 'first'), ('o2', 2, 10, 2.5,
    '{"z":1,  "y":2}', NULL, 'second'), ('o3', 3, 5.5, NULL, '{"c":3}', NULL, 'third');
  INSERT INTO lines VALUES(1, 1, 'one'), (1, 2, 'two'), (2, 1, 'three');
  INSERT INTO visits VALUES('/', 0.1), ('/', 0.1), (NULL, NULL);
  UPDATE sqlite_sequence SET seq = 41 WHERE name = 'customers';
`;

export interface Shop {
  readonly application: Client;
  readonly url: string;
  run(...args: string[]): Promise<{ readonly code: number | null } & Record<string, unknown>>;
  start(...args: string[]): ReturnType<typeof startCli>;
}

async function shop(types: "plain" | "enhanced", schema = SHOP): Promise<Shop> {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(schema);
  const url = await emptyDatabase();
  const env = { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url };
  const run: Shop["run"] = async (...args) => {
    const result = await runCli([...args, "--json"], { cwd, env });
    expect(result.stderr).not.toContain("error:");
    return {
      code: result.code,
      ...(JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>),
    };
  };
  expect(await run("schema", "--write", "--types", types)).toMatchObject({ code: 0 });
  return { application, url, run, start: (...args) => startCli(args, { cwd, env }) };
}

async function schemaText(application: Client): Promise<string[]> {
  const { rows } = await application.execute(
    "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') AS text FROM sqlite_schema " +
      "WHERE name NOT LIKE '\\_changeover%' ESCAPE '\\' ORDER BY type, name",
  );
  return rows.map(({ text }) => String(text));
}

/** A table's rows as SQLite holds them, storage classes included. */
async function rowsOf(application: Client, table: string, columns: readonly string[]): Promise<string[][]> {
  const { rows } = await application.execute(
    `SELECT ${columns.map((column) => `typeof(${column}) || ':' || quote(${column})`).join(", ")} ` +
      `FROM ${table} ORDER BY ${columns.map((_, index) => index + 1).join(", ")}`,
  );
  return rows.map((row) => columns.map((_, index) => String(row[index])));
}

describe("the failback", () => {
  it("brings every kind of write to the source, in the source's own form, and opens it again", {
    timeout: 120_000,
  }, async () => {
    const { application, url, run } = await shop("enhanced");
    const before = await schemaText(application);
    expect(await run("full", "--yes")).toMatchObject({ code: 0, ok: true, phase: "cut-over", failback: true });
    expect(await run("status")).toMatchObject({ phase: "cut-over", failback: { state: "enabled", changes: 0 } });

    await query(
      url,
      "insert into customers(email, vip, joined, seen, born, changes) values ('new@x', true, " +
        "'2025-05-05 05:05:05.5+00', '2025-05-05 05:05:05+00', '1999-09-09', 0)",
    );
    await query(
      url,
      "update customers set email = '-' where id = 1; update customers set email = 'a@x' where id = 2; " +
        "update customers set email = 'b@x' where id = 1",
    );
    await query(url, "update customers set id = 30 where id = 3");
    await query(url, "delete from customers where id = 4");
    await query(
      url,
      "insert into orders(id, customer, total, weight, data, picture, note) values ('o4', 42, 12.50, " +
        "1e300, '{\"k\": [1, 2]}', '\\x0102', 'fourth word'), ('o1', 1, 1.25, 0.1, '{}', null, " +
        "'x') on conflict (id) do update set total = excluded.total",
    );
    await query(url, "update orders set total = -1 where id = 'o2'");
    await query(url, "truncate lines; insert into lines values (7, 7, 'seven')");
    await query(url, "insert into visits(page, seconds) values ('/new', 2)");
    await query(url, "delete from visits where page is null");
    await query(
      url,
      "insert into customers(email, changes) values ('gone@x', 0); delete from customers where email = 'gone@x'",
    );
    expect(await run("status")).toMatchObject({
      failback: { state: "enabled", changes: expect.any(Number) as number },
    });
    await expect(application.execute("DELETE FROM visits")).rejects.toThrow(/CHANGEOVER_FENCED/);

    expect(await run("sync", "--until", "caught-up")).toMatchObject({ code: 0, ended: "caught-up", direction: "back" });
    await expect(application.execute("DELETE FROM visits")).rejects.toThrow(/CHANGEOVER_FENCED/);
    expect(await run("check")).toMatchObject({ code: 0, ok: true, differences: 0 });
    expect(await run("status")).toMatchObject({ failback: { state: "enabled", changes: 0, seconds: 0 } });

    expect(await rowsOf(application, "customers", ["id", "email", "vip", "joined", "seen", "born", "changes"])).toEqual(
      [
        [
          "integer:1",
          "text:'b@x'",
          "integer:1",
          "text:'2024-01-01T10:00:00.000Z'",
          "integer:1700000000",
          "text:'1990-05-05'",
          "integer:0",
        ],
        [
          "integer:2",
          "text:'a@x'",
          "integer:0",
          "text:'2024-01-02T03:04:05.678Z'",
          "integer:1700000001",
          "null:NULL",
          "integer:0",
        ],
        [
          "integer:30",
          "text:'c@x'",
          "integer:0",
          "text:'2024-01-03T00:00:00.000Z'",
          "integer:1700000002",
          "text:'2000-01-01'",
          "integer:0",
        ],
        [
          "integer:42",
          "text:'new@x'",
          "integer:1",
          "text:'2025-05-05T05:05:05.500Z'",
          "integer:1746421505",
          "text:'1999-09-09'",
          "integer:0",
        ],
      ],
    );
    expect(
      await rowsOf(application, "orders", ["id", "customer", "total", "weight", "data", "hex(picture)", "note"]),
    ).toEqual([
      ["text:'o1'", "integer:1", "real:1.25", "real:0.1", `text:'{"a":1,"b":[1,2]}'`, "text:'00FF'", "text:'first'"],
      ["text:'o2'", "integer:2", "integer:-1", "real:2.5", `text:'{"z":1,  "y":2}'`, "text:''", "text:'second'"],
      ["text:'o3'", "integer:30", "real:5.5", "null:NULL", `text:'{"c":3}'`, "text:''", "text:'third'"],
      [
        "text:'o4'",
        "integer:42",
        "real:12.5",
        "real:1.0e+300",
        `text:'{"k":[1,2]}'`,
        "text:'0102'",
        "text:'fourth word'",
      ],
    ]);
    expect(await rowsOf(application, "lines", ["customer", "number", "word"])).toEqual([
      ["integer:7", "integer:7", "text:'seven'"],
    ]);
    expect(await rowsOf(application, "visits", ["page", "seconds"])).toEqual([
      ["text:'/'", "real:0.1"],
      ["text:'/'", "real:0.1"],
      ["text:'/new'", "real:2.0"],
    ]);
    // The application's triggers did not fire for rows that came back, but for the one that keeps the full-text index.
    expect(await rowsOf(application, "audit", ["id", "what"])).toEqual([]);
    expect(
      (await application.execute("SELECT count(*) AS n FROM notes WHERE notes MATCH 'fourth'")).rows[0]?.["n"],
    ).toBe(1n);

    const late = openTarget({ url });
    const writer = await late.session();
    await writer.run("insert into visits(page, seconds) values ('/late', 3)");
    await query(url, "update changeover.run set last_caught_up = now() - interval '1 hour'");
    expect(await run("rollback", "--yes")).toMatchObject({
      code: 0,
      ok: true,
      phase: "returned",
      verified: { differences: 0 },
    });
    await expect(writer.run("insert into visits(page, seconds) values ('/refused', 3)")).rejects.toThrow(
      /CHANGEOVER_FENCED state=returned/,
    );
    await expect(writer.run("truncate visits")).rejects.toThrow(/CHANGEOVER_FENCED state=returned/);
    await late.close();

    expect(await schemaText(application)).toEqual(before);
    expect((await rowsOf(application, "visits", ["page"])).flat()).toContain("text:'/late'");
    // The lag counts from the return, and not from the last sync before the cutover.
    const returnedAt = Date.now();
    const logged = Number(((await run("status")) as { lag?: { changes?: number } }).lag?.changes);
    await application.execute("INSERT INTO customers(email) VALUES('after@x')");
    const { lag } = (await run("status")) as { lag?: { changes?: number; seconds?: number } };
    expect(lag?.changes).toBe(logged + 1);
    expect(lag?.seconds).toBeGreaterThan(0);
    expect(lag?.seconds).toBeLessThan((Date.now() - returnedAt) / 1_000 + 60);
    // PostgreSQL gave 43 out, though its row is gone.
    expect((await application.execute("SELECT max(id) AS id FROM customers")).rows[0]?.["id"]).toBe(44n);
    await application.execute("UPDATE customers SET email = 'changed@x' WHERE id = 1");
    expect(await rowsOf(application, "audit", ["what"])).toEqual([["text:'changed 1'"]]);
    await expect(application.execute("INSERT INTO orders(id, total) VALUES('o9', -5)")).rejects.toThrow(/negative/);

    // Forward again, without a copy.
    expect(await run("sync", "--until", "caught-up")).toMatchObject({ code: 0, ended: "caught-up", phase: "syncing" });
    expect(await run("check")).toMatchObject({ code: 0, ok: true, differences: 0 });
    expect(await run("cutover", "--yes")).toMatchObject({ code: 0, ok: true, phase: "cut-over", failback: true });
    expect(await query(url, "select email from customers where id in (1, 44) order by id")).toEqual([
      { email: "changed@x" },
      { email: "after@x" },
    ]);
    await query(url, "insert into visits(page) values ('/again')");
    expect(await run("complete", "--yes")).toMatchObject({ code: 0, ok: true, phase: "cut-over" });
    expect(await run("status")).toMatchObject({ failback: { state: "completed" } });
    expect(
      await query(url, "select column_name from information_schema.columns where column_name like '\\_changeover%'"),
    ).toEqual([]);
    expect(await query(url, "select tgname from pg_trigger where tgname like '\\_changeover%'")).toEqual([]);
    expect(
      await query(
        url,
        "select relname from pg_class where relnamespace = 'changeover'::regnamespace and relname like 'return%'",
      ),
    ).toEqual([]);
    expect(await query(url, "select conname from pg_constraint where not convalidated")).toEqual([]);
    await query(url, "insert into visits(page) values ('/free')");
    // The source is stale: it stays fenced until someone says otherwise.
    await expect(application.execute("DELETE FROM visits")).rejects.toThrow(/CHANGEOVER_FENCED/);
    expect(await run("clean", "--yes")).toMatchObject({ code: 0 });
    expect(await schemaText(application)).toEqual(before);
  });
});
