import { describe, expect, it } from "vitest";
import { renderCaptureTriggers } from "../../src/capture/render-triggers.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { memoryDatabase, memorySource } from "../fuzz/memory-source.ts";
import { Random } from "../fuzz/random.ts";
import { randomSchema } from "../fuzz/random-schema.ts";

/** What SQLite 3.8 cannot parse, or lacks: one such word in a trigger and an old writer fails on every statement. */
const NEWER: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["upsert (3.24)", /\bON\s+CONFLICT\b|\bDO\s+(UPDATE|NOTHING)\b/i],
  ["row values (3.15)", /\(\s*[^()]*,[^()]*\)\s*(=|<|>|\bIN\b|\bIS\b)|\bSET\s*\(/i],
  ["window functions (3.25)", /\bOVER\s*(\(|\w)|\bFILTER\s*\(/i],
  ["RETURNING (3.35)", /\bRETURNING\b/i],
  ["generated columns (3.31)", /\bGENERATED\b|\bSTORED\b|\bVIRTUAL\b/i],
  ["IS DISTINCT FROM (3.39)", /\bDISTINCT\s+FROM\b/i],
  ["UPDATE FROM (3.33)", /\bUPDATE\b[^;]*\bSET\b[^;]*\bFROM\b/i],
  ["NULLS FIRST and LAST (3.30)", /\bNULLS\s+(FIRST|LAST)\b/i],
  ["TRUE and FALSE (3.23)", /\b(TRUE|FALSE)\b/i],
  ["common table expressions in triggers", /\bWITH\b|\bMATERIALIZED\b/i],
  ["JSON operators (3.38)", /->/],
  [
    "newer functions",
    new RegExp(
      String.raw`\b(iif|if|octet_length|unixepoch|format|concat|concat_ws|string_agg|unhex|timediff|sign|json\w*|` +
        String.raw`ceil|floor|ln|pow|median)\s*\(`,
      "i",
    ),
  ],
  ["digit separators (3.46)", /\b\d+_\d/],
  ["sqlite_schema by its new name (3.33)", /\bsqlite_schema\b/i],
];

const SCHEMA = `
  CREATE TABLE plain(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'x' UNIQUE,
    b REAL NOT NULL DEFAULT 1.5, UNIQUE(a, b));
  CREATE TABLE keyed(k TEXT COLLATE NOCASE NOT NULL, n NUMERIC NOT NULL, PRIMARY KEY(k, n));
  CREATE TABLE packed(k INT PRIMARY KEY, u UNIQUE) WITHOUT ROWID;
  CREATE TABLE keyless(x, y DEFAULT true, g AS (x) UNIQUE);
  CREATE TABLE "new"(id INTEGER PRIMARY KEY, "iif(" UNIQUE, t NOT NULL DEFAULT false UNIQUE);
`;

async function triggersOf(statements: readonly string[]): Promise<string[]> {
  const database = memoryDatabase();
  for (const statement of statements) {
    try {
      database.exec(statement);
    } catch {
      // Of random statements not every one is possible.
    }
  }
  const { tables } = await memorySource(database).read(readSchema);
  database.close();
  return tables.flatMap((table, index) => {
    try {
      return renderCaptureTriggers({ id: index + 1, table, identity: chooseIdentity(table, undefined) }).map(
        ({ sql }) => sql,
      );
    } catch {
      return [];
    }
  });
}

/** The text without what is quoted in it. */
function bare(trigger: string): string {
  return trigger.replaceAll(/"(?:[^"]|"")*"/g, '"_"').replaceAll(/'(?:[^']|'')*'/g, "''");
}

describe("capture triggers can be parsed by SQLite 3.8", () => {
  it("since they use a small, old vocabulary", async () => {
    const words = new Set(
      (await triggersOf([SCHEMA])).flatMap(
        (trigger) =>
          bare(trigger)
            .toUpperCase()
            .match(/[A-Z_]+/g) ?? [],
      ),
    );
    const old = (
      "CREATE TRIGGER BEFORE AFTER INSERT UPDATE DELETE ON BEGIN END INTO VALUES SELECT FROM WHERE AS AND " +
      "OR IS NOT NULL NEW OLD COLLATE BINARY CASE WHEN THEN " +
      "ELSE CAST REAL TEXT NUMERIC IN COALESCE TYPEOF TBL K T X _"
    ).split(" ");
    expect([...words].filter((word) => !old.includes(word))).toEqual([]);
  });

  for (const [name, pattern] of NEWER) {
    it(`without ${name}`, async () => {
      const random = Array.from(
        { length: 60 },
        (_, seed) => randomSchema(new Random(seed + 1), { fitting: false }).ddl,
      );
      const triggers = (await Promise.all([[SCHEMA], ...random].map(triggersOf))).flat();
      expect(triggers.length).toBeGreaterThan(500);
      expect(triggers.filter((trigger) => pattern.test(bare(trigger)))).toEqual([]);
    });
  }

  it("and the patterns would detect newer syntax", () => {
    const newer = [
      "INSERT INTO l VALUES(1) ON CONFLICT DO NOTHING",
      "SELECT 1 WHERE (a, b) = (1, 2)",
      "SELECT count(*) OVER (ORDER BY a)",
      "INSERT INTO l VALUES(1) RETURNING a",
      "x GENERATED ALWAYS AS (1)",
      "SELECT a IS DISTINCT FROM b",
      "UPDATE l SET a = 1 FROM b",
      "ORDER BY a NULLS LAST",
      "SELECT TRUE",
      "WITH a AS (SELECT 1) SELECT 1",
      "SELECT a -> b",
      "SELECT iif(a, 1, 2)",
      "SELECT 1_000",
      "SELECT 1 FROM sqlite_schema",
    ];
    expect(newer.map((text, index) => NEWER[index]?.[1].test(text))).toEqual(newer.map(() => true));
  });
});
