import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FailbackTable } from "../../src/failback/failback-table.ts";
import { failbackTable } from "../../src/failback/failback-table.ts";
import { learnFormats } from "../../src/failback/learn-formats.ts";
import { RowWriter } from "../../src/failback/row-writer.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { Conversion, TableMapping } from "../../src/model/mapping.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

/** Every kind of conversion, with values as PostgreSQL writes them. */
const TYPES: readonly { readonly conversion: Conversion; readonly values: fc.Arbitrary<string> }[] = [
  {
    conversion: { kind: "integer", type: "bigint" },
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  },
  { conversion: { kind: "double" }, values: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  {
    conversion: { kind: "numeric", scale: null },
    values: fc.constantFrom("0", "12.50", "-3", "0.1", "100000", "99999999999999999999.5"),
  },
  {
    conversion: { kind: "text", maxLength: null, padded: false },
    values: fc.constantFrom("", "x", "007", "1.0", " 12 ", "1e3", "12", "-0", "0.50", "é", "2024-01-01"),
  },
  { conversion: { kind: "bytes" }, values: fc.constantFrom("\\x", "\\x00ff", "\\x616263", "\\x3132") },
  { conversion: { kind: "boolean" }, values: fc.constantFrom("true", "false") },
  {
    conversion: { kind: "timestamp", zone: false, epoch: "seconds" },
    values: fc.constantFrom(
      "2024-01-02 03:04:05",
      "2024-01-02 00:00:00",
      "2024-01-02 03:04:05.678901",
      "10000-01-01 00:00:00",
      "infinity",
    ),
  },
  {
    conversion: { kind: "timestamp", zone: true, epoch: "milliseconds" },
    values: fc.constantFrom("2024-01-02 03:04:05+00", "0044-03-15 00:00:00+00 BC"),
  },
  { conversion: { kind: "date" }, values: fc.constantFrom("2024-02-29", "infinity", "10000-01-01") },
  { conversion: { kind: "time" }, values: fc.constantFrom("10:00:00", "10:00:00.123", "24:00:00") },
  {
    conversion: { kind: "json", binary: true },
    values: fc.constantFrom('{"a": [1, 2]}', "12", "1.50", '"x"', "null", "12345678901234567890.5"),
  },
  { conversion: { kind: "json", binary: false }, values: fc.constantFrom('{ "a":1 }', "[]") },
  {
    conversion: { kind: "uuid" },
    values: fc.constantFrom("0a1b2c3d-0000-4000-8000-000000000000", "12345678-1234-1234-1234-123456789012"),
  },
  { conversion: { kind: "network" }, values: fc.constantFrom("10.0.0.1", "10.0.0.0/8", "::1") },
  { conversion: { kind: "other", type: "mood" }, values: fc.constantFrom("happy", "1", "007", "{1,2}", "1 day") },
];

const DECLARED = [
  "TEXT",
  "VARCHAR(10)",
  "INTEGER",
  "REAL",
  "NUMERIC",
  "DATETIME",
  "STRING",
  "BLOB",
  "",
  "UUID",
  "JSON",
  "BOOLEAN",
];

/** One table of one column of each declared type, without values, and a way to bring a value into one. */
async function emptyTable(conversion: Conversion, others = "") {
  const columns = DECLARED.map((type, index) => `c${index} ${type}`);
  const { path, application } = await sqliteFile(
    `CREATE TABLE t(id INTEGER PRIMARY KEY, ${columns.join(", ")}); INSERT INTO t(id) VALUES (1); ${others}`,
  );
  const source = openSource({ url: path });
  return { application, source, tables: await tablesOf(source, conversion) };
}

async function tablesOf(source: Source, conversion: Conversion): Promise<FailbackTable[]> {
  const { tables } = await source.read(readSchema);
  const returned = tables.map((table, index) => {
    const mapping: TableMapping = {
      id: index + 1,
      source: table.name,
      target: { schema: "public", name: table.name },
      identity: { kind: "columns", columns: ["id"] },
      columns: table.columns.map(({ affinity, name }) => ({
        source: name,
        target: name,
        affinity,
        collation: "BINARY",
        conversion: name === "id" ? { kind: "integer", type: "bigint" } : conversion,
      })),
    };
    return failbackTable(mapping, table, []);
  });
  await learnFormats(source, returned);
  return returned;
}

async function applyBatch(source: Source, table: FailbackTable, values: readonly (string | null)[]) {
  return source.write(async (tx) => {
    const writer = new RowWriter(tx, table);
    await writer.page([{ key: ["1"], values: ["1", ...values] }]);
    await writer.settle();
    return writer.losses;
  });
}

describe("a column without values", () => {
  for (const { conversion, values } of TYPES) {
    const name = `${conversion.kind}${"zone" in conversion ? ` ${conversion.zone ? "with" : "without"} zone` : ""}`;
    it(`of any declared type takes a ${name} back, whole or named as a loss, and never blocks`, {
      timeout: 30_000,
    }, async () => {
      const { source, tables } = await emptyTable(conversion);
      const [table] = tables;
      if (table === undefined) throw new Error("no table");
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: DECLARED.length - 1 }), values, async (place, value) => {
          const losses = await applyBatch(
            source,
            table,
            DECLARED.map((_, index) => (index === place ? value : null)),
          );
          for (const { column } of losses) expect(column).toBe(`c${place}`);
        }),
        { numRuns: 60, seed: 9 },
      );
      source.close();
    });
  }

  it("keeps no number where a timestamp is meant, and no text where a number is", async () => {
    const { application, source, tables } = await emptyTable({ kind: "timestamp", zone: false, epoch: "seconds" });
    const [table] = tables;
    if (table === undefined) throw new Error("no table");
    expect(
      await applyBatch(
        source,
        table,
        DECLARED.map(() => "2024-01-02 03:04:05"),
      ),
    ).toEqual([]);
    const { rows } = await application.execute("SELECT * FROM t");
    expect(Object.values(rows[0] ?? {}).slice(1)).toEqual(DECLARED.map(() => "2024-01-02 03:04:05"));
    source.close();
  });

  it("takes its default's format, then the one that most values of the database have", async () => {
    const { application, source, tables } = await emptyTable(
      { kind: "timestamp", zone: true, epoch: "seconds" },
      `CREATE TABLE u(id INTEGER PRIMARY KEY, at DATETIME, own DATETIME DEFAULT CURRENT_TIMESTAMP,
        counted DATETIME DEFAULT (unixepoch()), zero DATETIME DEFAULT 0);
       INSERT INTO u VALUES (2, '2024-01-01T10:00:00.000Z', NULL, NULL, NULL), (3, '2024-01-01T10:00:00.000Z', NULL,
         NULL, NULL), (4, '2024-01-01', NULL, NULL, NULL);`,
    );
    const table = tables.find(({ table: { name } }) => name === "u");
    if (table === undefined) throw new Error("no table");
    const value = "2025-05-05 05:05:05+00";
    expect(await applyBatch(source, table, [value, value, value, value])).toEqual([]);
    const { rows } = await application.execute("SELECT at, own, counted, zero FROM u WHERE id = 1");
    expect(Object.values(rows[0] ?? {})).toEqual([
      "2025-05-05T05:05:05.000Z",
      "2025-05-05 05:05:05",
      1746421505n,
      "2025-05-05T05:05:05.000Z",
    ]);
    source.close();
  });

  it("has the format of values that only rows long before the newest hold", async () => {
    const { application, source, tables } = await emptyTable(
      { kind: "timestamp", zone: true, epoch: "seconds" },
      `CREATE TABLE u(id INTEGER PRIMARY KEY, deleted DATETIME); INSERT INTO u VALUES (2, 1700000000);
       WITH RECURSIVE s(v) AS (SELECT 3 UNION ALL SELECT v + 1 FROM s WHERE v < 3000) INSERT INTO u(id) SELECT v
         FROM s;`,
    );
    const table = tables.find(({ table: { name } }) => name === "u");
    if (table === undefined) throw new Error("no table");
    await applyBatch(source, table, ["2025-05-05 05:05:05+00"]);
    expect((await application.execute("SELECT deleted FROM u WHERE id = 1")).rows[0]?.[0]).toBe(1746421505n);
    source.close();
  });

  it("NOT NULL in a table without rows, at the first login, takes what a JavaScript application can read", async () => {
    const { application, source, tables } = await emptyTable(
      { kind: "timestamp", zone: true, epoch: null, decimals: 3 },
      `CREATE TABLE users(id INTEGER PRIMARY KEY, created_at TEXT NOT NULL,
         updated_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) NOT NULL);
       INSERT INTO users(id, created_at) VALUES (7, '2024-01-01T10:00:00.000Z');
       CREATE TABLE users_sessions(id INTEGER PRIMARY KEY, created_at TEXT, expires_at TEXT NOT NULL)`,
    );
    const table = tables.find(({ table: { name } }) => name === "users_sessions");
    if (table === undefined) throw new Error("no table");
    expect(await applyBatch(source, table, ["2025-05-05 05:05:05+00", "2025-05-05 07:05:05.12+00"])).toEqual([]);
    const { rows } = await application.execute("SELECT created_at, expires_at FROM users_sessions");
    expect(Object.values(rows[0] ?? {})).toEqual(["2025-05-05T05:05:05.000Z", "2025-05-05T07:05:05.120Z"]);
    source.close();
  });

  it("takes UUIDs as the database's others are: blobs here", async () => {
    const { application, source, tables } = await emptyTable(
      { kind: "uuid" },
      "CREATE TABLE u(id INTEGER PRIMARY KEY, a, b); INSERT INTO u(id, a) " +
        "VALUES (2, x'00112233445566778899aabbccddeeff')",
    );
    const table = tables.find(({ table: { name } }) => name === "u");
    if (table === undefined) throw new Error("no table");
    await applyBatch(source, table, [null, "0a1b2c3d-0000-4000-8000-000000000000"]);
    expect((await application.execute("SELECT typeof(b) FROM u WHERE id = 1")).rows[0]?.[0]).toBe("blob");
    source.close();
  });
});

describe("digits that a double does not hold", () => {
  it.each([
    ["123456789012345678901234567890.123456789", "rounded"],
    ["18446744073709551616", "rounded"],
    ["12345678901234567.8", "rounded"],
    [`1${"0".repeat(400)}`, "rounded"],
    ["0.1", null],
    ["9223372036854775807", null],
    [`1${"0".repeat(300)}`, null],
  ])("of a numeric are a loss: %s", async (value, kind) => {
    const { source, tables } = await emptyTable({ kind: "numeric", scale: null });
    const [table] = tables;
    if (table === undefined) throw new Error("no table");
    const losses = await applyBatch(
      source,
      table,
      DECLARED.map((type) => (type === "NUMERIC" ? value : null)),
    );
    expect(losses.map((loss) => [loss.kind, loss.announced, loss.key])).toEqual(
      kind === null ? [] : [[kind, false, [{ type: "integer", value: "1" }]]],
    );
    source.close();
  });
});
