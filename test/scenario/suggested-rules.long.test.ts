import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import type { Finding } from "../../src/model/proposal.ts";
import { mergeRules, type Rules } from "../../src/model/rules.ts";
import { AWKWARD_TABLES } from "../support/awkward-values.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

/**
 * The nth suggestion of each finding, or its last. Where texts are longer than declared, all rows would be quarantined.
 */
function suggested(findings: readonly Finding[], nth: number): Rules {
  const chosen = findings
    .filter(({ code }) => code !== "VARCHAR_LENGTH_EXCEEDED")
    .map(({ rules = [] }) => rules[Math.min(nth, rules.length - 1)]?.rules ?? {});
  return chosen.reduce<Rules>((all, rules) => mergeRules(all, rules), {});
}

it.each([0, 1, 2])(
  "everything that validate suggests (%i) takes an awkward database across, " +
    "with nothing different that no rule explains",
  { timeout: 90_000 },
  async (nth) => {
    const { path } = await sqliteFile(AWKWARD_TABLES);
    const target = await emptyDatabase();
    const before = openMigration({ source: path, target });
    const { findings } = await before.validate({ target: false });
    await before.close();
    const migration = openMigration({
      source: path,
      target,
      rules: suggested(findings, nth),
      migrationsDirectory: temporaryDirectory(),
    });
    try {
      const result = await migration.full();
      expect(result.kind === "cutover" && result.cutover).toMatchObject({ verified: { differences: 0 } });
      expect((await migration.check()).differences).toBe(0);
      // Each row is there or quarantine.
      const [count] = await query<{ rows: number }>(
        target,
        "select ((select count(*) from m) + (select count(*) from changeover.quarantine q " +
          "where q.what = 'row' and q.table_name = 'm'))::int as rows",
      );
      expect(count?.rows).toBe(40);
    } finally {
      await migration.close();
    }
  },
);

it.each(["UTF-16le", "UTF-16be"])(
  "half a surrogate pair in a database of %s is no text either",
  { timeout: 60_000 },
  async (encoding) => {
    const half = encoding === "UTF-16le" ? "x'6100 00d8 6200'" : "x'0061 d800 0062'";
    const { path } = await sqliteFile(
      `PRAGMA encoding = '${encoding}'; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT); ` +
        `INSERT INTO t VALUES (1, 'fine ☃ 𝄞', 'é'), (2, CAST(${half.replaceAll(/(?<=\w) /g, "")} AS TEXT), ` +
        "'é'), (3, '𝄞', 'ü');",
      { journalMode: "delete" },
    );
    const target = await emptyDatabase();
    const migration = openMigration({
      source: path,
      target,
      rules: { tables: { t: { columns: { x: { type: "text", onBadValue: "null" } } } } },
      migrationsDirectory: temporaryDirectory(),
    });
    try {
      const { findings } = await migration.validate({ target: false });
      expect(findings.map(({ code, count }) => [code, count])).toEqual([
        ["SOURCE_JOURNAL", undefined],
        ["VALUE_NOT_CONVERTIBLE", 1],
      ]);
      expect(await migration.full()).toMatchObject({ cutover: { verified: { differences: 0 } } });
      expect(
        (await query<{ x: string | null; y: string }>(target, "select x, y from t order by id")).map(({ x, y }) => [
          x,
          y,
        ]),
      ).toEqual([
        ["fine ☃ 𝄞", "é"],
        [null, "é"],
        ["𝄞", "ü"],
      ]);
    } finally {
      await migration.close();
    }
  },
);

it.each(["UTF-16le", "UTF-16be"])(
  "without rules such a column of %s becomes bytea, and what arrives is what is there",
  { timeout: 60_000 },
  async (encoding) => {
    const half = encoding === "UTF-16le" ? "x'610000d86200'" : "x'0061d8000062'";
    const { path } = await sqliteFile(
      `PRAGMA encoding = '${encoding}'; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, b BLOB); ` +
        `INSERT INTO t VALUES (1, 'é☃', 'text'), (2, CAST(${half} AS TEXT), x'00ff');`,
      { journalMode: "delete" },
    );
    const migration = openMigration({
      source: path,
      target: await emptyDatabase(),
      migrationsDirectory: temporaryDirectory(),
    });
    try {
      expect(await migration.full()).toMatchObject({ cutover: { verified: { rows: 2, differences: 0 } } });
    } finally {
      await migration.close();
    }
  },
);

it("a text that is no text arrives as NULL, or its row is quarantined, as the rule of its column says", {
  timeout: 60_000,
}, async () => {
  for (const onBadValue of ["null", "quarantine"] as const) {
    const { path } = await sqliteFile(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, x TEXT, y TEXT); INSERT INTO t VALUES (1, 'a', " +
        "'fine', 'b'), (2, 'a', CAST(x'ff' AS TEXT), 'b'), (3, 'a', CAST(x'6100' AS TEXT), 'b');",
    );
    const target = await emptyDatabase();
    const migration = openMigration({
      source: path,
      target,
      rules: { tables: { t: { columns: { x: { type: "text", onBadValue } } } } },
      migrationsDirectory: temporaryDirectory(),
    });
    try {
      await migration.full();
      const rows = await query<{ row: string }>(
        target,
        "select concat_ws('|', id, a, coalesce(x, 'NULL'), y) as row from t order by id",
      );
      expect(rows.map(({ row }) => row)).toEqual(
        onBadValue === "null" ? ["1|a|fine|b", "2|a|NULL|b", "3|a|NULL|b"] : ["1|a|fine|b"],
      );
    } finally {
      await migration.close();
    }
  }
});
