import { describe, expect, it, onTestFinished } from "vitest";
import { foreignKeyOrphans } from "../../src/inspect/foreign-key-orphans.ts";
import { profileTable } from "../../src/inspect/profile-table.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { openMigration } from "../../src/migration.ts";
import { showTuple } from "../../src/model/key.ts";
import type { TableProfile } from "../../src/model/profile.ts";
import type { Finding } from "../../src/model/proposal.ts";
import { mergeRules, type OnBadValue, type Rules } from "../../src/model/rules.ts";
import { proposeSchema } from "../../src/plan/propose/propose-schema.ts";
import { completeFindings } from "../../src/run/findings.ts";
import { openSource } from "../../src/source/source.ts";
import { AWKWARD_TABLES } from "../support/awkward-values.ts";
import { sqliteFile } from "../support/source.ts";

interface Options {
  readonly showValues?: boolean;
  readonly types?: "plain" | "enhanced";
}

async function findingsOf(statements: string, options: Options = {}): Promise<readonly Finding[]> {
  const { path } = await sqliteFile(`PRAGMA foreign_keys = OFF;\n${statements}`);
  const migration = openMigration({ source: path, target: "postgres://nowhere", types: options.types ?? "plain" });
  onTestFinished(() => migration.close());
  return (await migration.validate({ showValues: options.showValues === true, target: false })).findings;
}

/** `code! table.column count [keys]` of each. */
function brief({ code, severity, table, column, count, examples }: Finding): string {
  return (
    `${code}${severity === "blocking" ? "!" : ""} ` +
    `${table}${column === undefined ? "" : `.${column}`}${count === undefined ? "" : ` ${count}`}` +
    (examples === undefined ? "" : ` [${examples.map(showTuple).join("; ")}]`)
  );
}

/** What a suggested expression makes of a column's values, as hexadecimal or NULL. */
async function applied(statements: string, expression: string): Promise<unknown[]> {
  const { application } = await sqliteFile(statements);
  const { rows } = await application.execute(`SELECT hex(CAST((${expression}) AS BLOB)) FROM t ORDER BY rowid`);
  return rows.map((row) => Buffer.from(String(row[0]), "hex").toString("utf8"));
}

function expressionOf(findings: readonly Finding[], code: string, index = 0): string {
  const rule = findings.find((finding) => finding.code === code)?.rules?.[index]?.rules.tables?.["t"]?.columns?.["x"];
  if (rule?.expression === undefined) throw new Error(`no expression answers ${code}`);
  return rule.expression;
}

const MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)";

describe("findings about values", () => {
  it("name up to five rows by their key, wherever in the table they are", async () => {
    const findings = await findingsOf(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER);
      ${MANY} INSERT INTO t SELECT i, CASE WHEN i > 49993 THEN 'n/a' ELSE i END FROM n;
      CREATE TABLE u (a TEXT, b INTEGER, x REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;
      INSERT INTO u VALUES ('k', 1, 1.5), ('k', 2, 'no');
      CREATE TABLE r (x INTEGER);
      INSERT INTO r VALUES (1), ('no');
    `);
    expect(findings.map(brief)).toEqual([
      "MIXED_STORAGE t.x 7 [49994; 49995; 49996; 49997; 49998]",
      'MIXED_STORAGE u.x 1 ["k", 2]',
      "NO_KEY r",
      "MIXED_STORAGE r.x 1 [2]",
    ]);
  });

  it("show values only where someone asks for them", async () => {
    const statements =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER); INSERT INTO t VALUES (1, 'secret'), (2, ''), (3, 7);";
    expect(JSON.stringify(await findingsOf(statements))).not.toMatch(/secret|736563726574/);
    expect((await findingsOf(statements, { showValues: true }))[0]?.values).toEqual(['"secret"', '""']);
  });

  it("name rows of texts that only their bytes tell", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (id TEXT PRIMARY KEY, x TEXT) WITHOUT ROWID; INSERT INTO t VALUES ('a', 'fine'), " +
        "('b', CAST(x'ff' AS TEXT)), ('c', CAST(x'6100' AS TEXT));",
    );
    expect(findings.map(brief)).toEqual(['NUL_IN_TEXT t.x 1 ["c"]', 'INVALID_UTF8 t.x 1 ["b"]']);
  });

  it("tell the forms of dates apart, and which values are none", async () => {
    const findings = await findingsOf(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, x DATETIME);
      INSERT INTO t (x) VALUES ('2024-01-01 10:00:00'), ('2024-02-30 10:00:00'), ('0000-00-00 00:00:00'),
        (1700000000), (1700000000123), (2459000.5),
        ('2024-01-01 10:00:00.123456789'), (''), ('1/10/1997'), ('2024-01-01T10:00:00Z'), ('20240101');
    `);
    expect(findings[0]?.message).toMatch(/^its values are not all dates of one form \(1 .*\): it stays text$/);
    for (const format of [
      "1 other numbers",
      "1 of a day or time that does not exist",
      "1 0000-00-00",
      "1 empty",
      "1 numbers like milliseconds",
      "1 numbers like Julian days",
      "1 with more than six decimals",
      "1 with a time and Z",
      "1 of another form",
    ])
      expect(findings[0]?.message).toContain(format);
    expect(findings.map(({ code }) => code)).toEqual(["DATE_AS_TEXT"]);
  });

  it("say which type the values would have but for empty texts", async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `(${i === 7 ? "''" : 1_700_000_000 + i}, ${i === 9 ? "''" : "1.25"}, ${i === 3 ? "''" : i % 2})`,
    );
    const statements =
      "CREATE TABLE t (created_at INTEGER, price DECIMAL(8,2), paid BOOLEAN); INSERT INTO t " +
      `VALUES ${rows.join(", ")};`;
    const types = (await findingsOf(statements, { types: "enhanced" }))
      .filter(({ code }) => code === "EMPTY_TEXT")
      .map(({ column, rules }) => rules?.[0]?.rules.tables?.["t"]?.columns?.[column ?? ""]);
    expect(types).toEqual([
      { type: "bigint", nullAndEmpty: "empty-to-null" },
      { type: "numeric(8,2)", nullAndEmpty: "empty-to-null" },
      { type: "boolean", nullAndEmpty: "empty-to-null" },
    ]);
  });

  it("say that the empty text could be NULL where all others are of a form", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON, u UUID NOT NULL); INSERT INTO t VALUES (1, " +
        "'{}', '0b3c4d5e-1111-4222-8333-444444444444'), (2, '', ''), (3, '[]', " +
        "'0b3c4d5e-1111-4222-8333-444444444445');",
    );
    expect(
      findings.map(({ code, column, rules }) => [code, rules?.[0]?.rules.tables?.["t"]?.columns?.[column ?? ""]]),
    ).toEqual([
      ["INVALID_JSON", { type: "jsonb", nullAndEmpty: "empty-to-null" }],
      ["INVALID_UUID", { type: "uuid", onBadValue: "quarantine" }],
    ]);
  });

  it("count what is longer than declared, and infinities", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR(3), f REAL); INSERT INTO t VALUES (1, 'abc', " +
        "1.5), (2, 'abcd', 9e999), (3, 'äöü', -9e999);",
    );
    expect(findings.map(brief)).toEqual(["VARCHAR_LENGTH_EXCEEDED t.v 1 [2]", "INFINITE t.f 2 [2; 3]"]);
  });

  it("take escapes of jsonb for what they are", async () => {
    const rows = [
      '"\\u0000"',
      '"\\\\u0000"',
      '"\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\ude00\\ud83d"',
      '"\\uD83D\\uD83D\\uDE00"',
      '"\\\\ud83d"',
      '{"\\udc00":1}',
    ].map((json) => `('${json}')`);
    const findings = await findingsOf(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON); INSERT INTO t (j) VALUES ${rows.join(", ")};`,
    );
    expect(findings.map(brief)).toEqual(["JSON_ESCAPES t.j 5 [1; 4; 5; 6; 8]"]);
  });

  it("name orphans and NULLs in keys", async () => {
    const findings = await findingsOf(
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (k TEXT PRIMARY KEY, p INT REFERENCES p); " +
        "INSERT INTO t VALUES (NULL, 9), ('x', 8), ('y', NULL);",
    );
    expect(findings.map(brief)).toEqual(["NO_KEY t", "NULL_IN_KEY t.k 1 [1]", "FOREIGN_KEY_VIOLATED t.p 2 [1; 2]"]);
  });
});

describe("suggested expressions", () => {
  it("take NUL bytes out, or end the text there", async () => {
    const statements =
      "CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('fine'), (CAST(x'0061c3a90000620063' AS TEXT)), " +
      "(CAST(x'00' AS TEXT)), (CAST(x'6100' AS TEXT));";
    const findings = await findingsOf(statements);
    expect(await applied(statements, expressionOf(findings, "NUL_IN_TEXT"))).toEqual(["fine", "aébc", "", "a"]);
    expect(await applied(statements, expressionOf(findings, "NUL_IN_TEXT", 1))).toEqual(["fine", "", "", "a"]);
  });

  it("read words as booleans", async () => {
    const statements = "CREATE TABLE t (x BOOLEAN); INSERT INTO t VALUES ('true'), ('NO'), (1), (0), ('maybe'), (2);";
    expect(await applied(statements, expressionOf(await findingsOf(statements), "INVALID_BOOLEAN"))).toEqual([
      "1",
      "0",
      "1",
      "0",
      "maybe",
      "1",
    ]);
  });

  it("bring the forms of dates to one", async () => {
    const statements =
      "CREATE TABLE t (x DATETIME); INSERT INTO t VALUES ('2024-01-01 10:00:00'), " +
      "('2024-01-01 11:00:00'), (20240101), (1700000000), (1700000000123), (2460000.5), " +
      "('2024-01-01 10:00:00.123456789Z'), ('0000-00-00'), (''), ('x');";
    expect(await applied(statements, expressionOf(await findingsOf(statements), "DATE_AS_TEXT"))).toEqual([
      "2024-01-01 10:00:00",
      "2024-01-01 11:00:00",
      "20240101",
      "2023-11-14 22:13:20",
      "2023-11-14 22:13:20.123",
      "2023-02-25 00:00:00.000",
      "2024-01-01 10:00:00.123456Z",
      "",
      "",
      "x",
    ]);
  });

  it("make bytes of everything", async () => {
    const statements = "CREATE TABLE t (x); INSERT INTO t VALUES (x'61'), ('b'), (3), (0.1);";
    expect(await applied(statements, expressionOf(await findingsOf(statements), "MIXED_STORAGE"))).toEqual([
      "a",
      "b",
      "3",
      "0.10000000000000001",
    ]);
  });
});

describe("keys that would be one in PostgreSQL", () => {
  it("block where there are such keys, and not where there only could be", async () => {
    const table = (rows: string) =>
      `CREATE TABLE t (id INTEGER PRIMARY KEY, k UNIQUE); INSERT INTO t (k) VALUES ${rows};`;
    expect((await findingsOf(table("(1), (2.5), ('x'), (NULL), (NULL)"))).map(({ code }) => code)).toEqual([
      "MIXED_STORAGE",
    ]);
    expect((await findingsOf(table("(1), (2.5), ('2.5'), ('1'), ('1.0')"))).map(brief)).toContain(
      "KEY_COLLISION! t.k 4 [1; 2; 3; 4]",
    );
    expect((await findingsOf(table("(x'61'), ('a'), ('b')"))).map(brief)).toContain("KEY_COLLISION! t.k 2 [1; 2]");
  });

  it("are looked for in all columns of a key together, and only among the rows of a partial index", async () => {
    expect(
      (
        await findingsOf(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, UNIQUE (a, b)); INSERT INTO t (a, b) " +
            "VALUES ('x', 1), ('y', '1'), ('z', 2), ('z', '2');",
        )
      ).map(brief),
    ).toContain("KEY_COLLISION! t 2 [3; 4]");
    expect(
      (
        await findingsOf(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, a, live INT); CREATE UNIQUE INDEX i ON t (a) WHERE live; " +
            "INSERT INTO t (a, live) VALUES (1, 1), ('1', 0), (2, 1), ('2', 1);",
        )
      ).map(brief),
    ).toContain("KEY_COLLISION! t.a 2 [3; 4]");
  });
});

describe("what only the application knows", () => {
  const asAppDefined = (from: string, to: string) =>
    `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '${from}', ` +
    `'${to}'); PRAGMA writable_schema = RESET;`;

  it("does not keep the rest of a table from being looked at: a function in a generated column", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, g AS (upper(a)), s AS (upper(a)) STORED, " +
        `CHECK (upper(a) <> 'X')); INSERT INTO t (a) VALUES (1), ('y'); ${asAppDefined("upper(", "app_upper(")}`,
    );
    expect(findings.map(brief)).toContain("COLUMN_UNREADABLE! t.g");
    expect(findings.map(brief)).toContain("MIXED_STORAGE t.a 1 [2]");
    expect(findings.find(({ code }) => code === "COLUMN_UNREADABLE")?.rules?.[0]?.rules).toEqual({
      tables: { t: { columns: { g: { exclude: true } } } },
    });
  });

  it("does not keep the rest of a table from being looked at: a collation", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (k TEXT PRIMARY KEY COLLATE NOCASE, a INTEGER COLLATE NOCASE); " +
        "CREATE INDEX i ON t (a COLLATE NOCASE); INSERT INTO t VALUES ('x', 1), ('X y', " +
        `''); ${asAppDefined("NOCASE", "app_order")}`,
    );
    expect(findings.map(brief)).toEqual([
      "COLLATION_UNKNOWN t.k",
      "COLLATION_UNKNOWN t.a",
      "NO_KEY t",
      "EMPTY_TEXT t.a 1 [2]",
    ]);
  });

  it("is named where only an index has it", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX i ON t (a COLLATE NOCASE); INSERT INTO t " +
        `VALUES (1, 'x'), (2, CAST(x'ff' AS TEXT)); ${asAppDefined("NOCASE", "app_order")}`,
    );
    expect(findings.map(brief)).toEqual(["COLLATION_UNKNOWN t", "INVALID_UTF8 t.a 1 [2]"]);
  });

  it("blocks where it hides a whole table", async () => {
    const findings = await findingsOf(
      "CREATE TABLE t (k TEXT PRIMARY KEY COLLATE NOCASE) WITHOUT ROWID; INSERT INTO t VALUES ('x'); " +
        `CREATE TABLE u (id INTEGER PRIMARY KEY); ${asAppDefined("NOCASE", "app_order")}`,
    );
    expect(findings.map(brief)).toEqual(["TABLE_UNREADABLE! t"]);
  });
});

describe("values that a chosen type refuses", () => {
  const ROWS =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, x); INSERT INTO t (x) VALUES ('2024-01-01'), ('no'), " +
    "(NULL), (CAST(x'ff' AS TEXT)), (5);";

  async function refusedBy(type: string, onBadValue: OnBadValue = "stop"): Promise<string[]> {
    const { path } = await sqliteFile(ROWS);
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const schema = await source.read(readSchema);
    const profiles: TableProfile[] = [];
    for (const table of schema.tables) profiles.push(await profileTable(source, table));
    const orphans = await foreignKeyOrphans(source, schema);
    const proposal = proposeSchema(schema, profiles, { types: "plain", orphans });
    const chosen = {
      ...proposal,
      findings: [],
      tables: proposal.tables.map((table) => ({
        ...table,
        columns: table.columns.map((column) => (column.source === "x" ? { ...column, type } : column)),
      })),
    };
    return (
      await completeFindings(
        { source, rules: { onBadValue } },
        { schemaVersion: 0, schema, profiles, orphans, violations: [] },
        chosen,
      )
    ).map(brief);
  }

  it("block, and are counted to the last", async () => {
    expect(await refusedBy("date")).toEqual(["VALUE_NOT_CONVERTIBLE! t.x 3 [2; 4; 5]"]);
    expect(await refusedBy("text")).toEqual(["VALUE_NOT_CONVERTIBLE! t.x 1 [4]"]);
    expect(await refusedBy("bytea")).toEqual(["VALUE_NOT_CONVERTIBLE! t.x 1 [5]"]);
  });

  it("do not block where a rule says what becomes of them", async () => {
    expect(await refusedBy("date", "quarantine")).toEqual(["VALUE_NOT_CONVERTIBLE t.x 3 [2; 4; 5]"]);
  });
});

describe("the rules that findings suggest", () => {
  async function validated(path: string, rules: Rules): Promise<{ ok: boolean; findings: readonly Finding[] }> {
    const migration = openMigration({ source: path, target: "postgres://nowhere", rules });
    try {
      return await migration.validate({ target: false });
    } finally {
      await migration.close();
    }
  }

  it("leave nothing that blocks, each by itself and the first ones together", { timeout: 60_000 }, async () => {
    const { path } = await sqliteFile(AWKWARD_TABLES);
    const { ok, findings } = await validated(path, {});
    expect(ok).toBe(false);
    const firsts = findings
      .filter(({ severity }) => severity === "blocking")
      .flatMap(({ rules = [] }) => rules.slice(0, 1));
    expect(
      (
        await validated(
          path,
          firsts.reduce<Rules>((all, { rules }) => mergeRules(all, rules), {}),
        )
      ).ok,
    ).toBe(true);
    const wrong: string[] = [];
    for (const finding of findings) {
      for (const { description, rules } of finding.rules ?? []) {
        const after = await validated(path, rules);
        const left = after.findings.filter(
          ({ severity, table, column }) =>
            severity === "blocking" && table === finding.table && column === finding.column,
        );
        if (left.length > 0)
          wrong.push(
            `${finding.code} ${finding.table}.${finding.column}: ${description} → ${left.map(brief).join(", ")}`,
          );
      }
    }
    expect(wrong).toEqual([]);
    // Each kind of finding about values was among them.
    expect(new Set(findings.filter(({ table }) => table === "m").map(({ code }) => code)).size).toBeGreaterThanOrEqual(
      14,
    );
  });
});
