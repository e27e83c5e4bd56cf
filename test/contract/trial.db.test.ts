import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import type { Finding } from "../../src/model/proposal.ts";
import { mergeRules, type Rules } from "../../src/model/rules.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

/** A column x of the source with these values, and a column of the target that someone else made. */
async function migration(
  type: string,
  values: string,
  { rules = {}, declared = "TEXT", extra = "" }: { rules?: Rules; declared?: string; extra?: string } = {},
) {
  const rows = values
    .split("; ")
    .map((value, index) => `(${index + 1}, ${value})`)
    .join();
  const { path } = await sqliteFile(
    `CREATE TABLE t(id INTEGER PRIMARY KEY, x ${declared}); INSERT INTO t VALUES ${rows}`,
  );
  const target = await emptyDatabase();
  await query(target, `${extra}; create table t(id bigint primary key, x ${type})`);
  return openMigration({ source: path, target, rules, migrationsDirectory: `${temporaryDirectory()}/none` });
}

const blocking = (findings: readonly Finding[]) =>
  findings
    .filter(({ severity }) => severity === "blocking")
    .map(
      ({ code, column, count, examples = [] }) =>
        `${code} ${column ?? ""} ${count} ` +
        `[${examples.map(([key]) => (key !== undefined && "value" in key ? key.value : "?")).join()}]`,
    );

const ENUM = "create type color as enum ('red', 'blue')";
const DOMAIN = "create domain even as integer check (value % 2 = 0)";

describe("what tables made by an application demand, validate foresees", () => {
  it.each([
    [
      "timestamp(0)",
      "'2024-01-31 10:00:00'; '2024-01-31 10:00:00.6'; '2024-01-31 10:00:00.000'",
      {},
      "VALUE_NOT_CONVERTIBLE x 1 [2]",
    ],
    [
      "timestamptz(3)",
      "'2024-01-31 10:00:00.123+02:00'; '2024-01-31 10:00:00.1234Z'",
      {},
      "VALUE_NOT_CONVERTIBLE x 1 [2]",
    ],
    ["timestamptz(0)", "1706704200123; 1706704200000", { declared: "DATETIME" }, "VALUE_NOT_CONVERTIBLE x 1 [1]"],
    ["time(0)", "'10:00:00'; '10:00:00.5'", {}, "VALUE_NOT_CONVERTIBLE x 1 [2]"],
    ["color", "'red'; 'green'; 'green'; NULL", { extra: ENUM }, "VALUE_NOT_CONVERTIBLE x 2 [2,3]"],
    ["even", "2; 3; 4", { extra: DOMAIN, declared: "INTEGER" }, "VALUE_NOT_CONVERTIBLE x 1 [2]"],
    ["money", "'$1.50'; '$1.234'", {}, "VALUE_NOT_CONVERTIBLE x 1 [2]"],
    ["bit(3)", "'101'; '1011'; '12'", {}, "VALUE_NOT_CONVERTIBLE x 2 [2,3]"],
    ["interval", "'P1DT2H'; '1 day 02:00:00'; 'soon'", {}, "VALUE_NOT_CONVERTIBLE x 1 [3]"],
    ["text[]", "'{a,\"b, c\"}'; '[1]'", {}, "VALUE_NOT_CONVERTIBLE x 1 [2]"],
    ["interval", "5000000; 7", { declared: "BIGINT" }, "VALUE_NOT_CONVERTIBLE x 2 [1,2]"],
    ["integer[]", "'{1, 2}'; '{1,x}'", {}, "VALUE_NOT_CONVERTIBLE x 1 [2]"],
    ["macaddr", "'08:00:2B:01:02:03'; '08-00-2b-01-02'", {}, "VALUE_NOT_CONVERTIBLE x 1 [2]"],
    ["real", "1.5; 0.123456789; 340970000.0", { declared: "REAL" }, "VALUE_NOT_CONVERTIBLE x 2 [2,3]"],
    ["boolean", "'t'; 'f'; 'perhaps'", {}, "VALUE_NOT_CONVERTIBLE x 1 [3]"],
    ["text check (length(x) < 3)", "'ab'; 'abc'", {}, "TARGET_CHECK_REFUSES  1 []"],
    ["timestamptz", "694224000; 757382400", { declared: "TIMESTAMP" }, "DATE_AS_NUMBER x 2 []"],
    ["timestamptz", "13353760800000000", { declared: "TIMESTAMP" }, "VALUE_NOT_CONVERTIBLE x 1 [1]"],
  ] as const)("%s, and %s", async (type, values, options, expected) => {
    const tried = await migration(type, values, options);
    const { findings } = await tried.validate();
    await tried.close();
    expect(blocking(findings)).toEqual([expected]);
  });

  it.each([
    ["macaddr", "'08:00:2B:01:02:03'; '08002b-010203'", {}],
    ["interval", "'P1DT2H'; '1 day 02:00:00'; '2 weeks'; '-00:00:01.5'; '1 year 2 mons'", {}],
    ["color", "'red'; 'blue'", { extra: ENUM }],
    ["even", "2; 4", { extra: DOMAIN, declared: "INTEGER" }],
    ["money", "'12.30'; '$1,000.00'", {}],
    ["text[]", "'{a, \"b, c\", NULL}'; '{}'", {}],
    ["text[]", "'[\"a\", \"b, \\\\ c\", null]'; '[]'", {}],
    ["double precision[]", "'[1, 2.5]'; '[0.1]'", {}],
    ["real", "1.5; 0.1; NULL", { declared: "REAL" }],
    ["boolean", "'t'; 'f'", {}],
    ["boolean", "'True'; 'False'; 1", {}],
    ["interval", "90000000000; -1500000", { declared: "BIGINT" }],
    [
      "interval",
      "5000000; 7",
      { declared: "BIGINT", rules: { tables: { t: { columns: { x: { unit: "milliseconds" } } } } } },
    ],
    ["timestamptz", "'20240131123000'; 'infinity'", {}],
    ["timestamp", "20240131123000; 19991231235959", { declared: "INTEGER" }],
    ["uuid", "'00112233445566778899aabbccddeeff'; x'00112233445566778899aabbccddeeff'", {}],
    ["timestamp(0)", "'2024-01-31 10:00:00'; '2024-01-31 10:00:00.0'; '2024-01-31'", {}],
    ["time(0)", "'10:00'; '10:00:00.00'", {}],
    ["timestamptz", "'0001-01-01T00:00:00+01:00'; '2024-01-31T10:00Z'", { declared: "DATETIME" }],
    ["text check (length(x) < 3)", "'ab'; 'a'", {}],
  ] as const)(
    "%s takes %s, and what PostgreSQL writes otherwise is equal",
    { timeout: 30_000 },
    async (type, values, options) => {
      const moved = await migration(type, values, options);
      const { findings } = await moved.validate();
      expect(blocking(findings)).toEqual([]);
      expect(await moved.full()).toMatchObject({ cutover: { verified: { differences: 0 } } });
      await moved.close();
    },
  );

  it("and its first rule leads through", { timeout: 30_000 }, async () => {
    const before = await migration("timestamp(0)", "'2024-01-31 10:00:00'; '2024-01-31 10:00:00.6'");
    const { findings } = await before.validate();
    await before.close();
    const rules = findings
      .filter(({ severity }) => severity === "blocking")
      .reduce<Rules>((all, { rules: [first] = [] }) => mergeRules(all, first?.rules ?? {}), {});
    const after = await migration("timestamp(0)", "'2024-01-31 10:00:00'; '2024-01-31 10:00:00.6'", { rules });
    expect(await after.full()).toMatchObject({ kind: "cutover" });
    await after.close();
  });
});
