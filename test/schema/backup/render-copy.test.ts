import { describe, expect, it } from "vitest";
import { renderFilled } from "../../../src/schema/backup/holdings.ts";
import type { ColumnsBackup } from "../../../src/schema/backup/manifest.ts";
import { renderSecondValue } from "../../../src/schema/backup/refuse-schema-mismatch.ts";
import { renderCopyIn, renderCopyOut } from "../../../src/schema/backup/render-copy.ts";
import { renderStage, renderUpdate } from "../../../src/schema/backup/restore-columns.ts";

const SET = 'set "price" = s."price", "at" = s."at"';
const JOINED = 'from changeover_restored s where t."id" = s."id" and t."a ""b""" = s."a ""b"""';
const ODD = { schema: "s", name: 'o"dd', partitioned: false };
const COLUMNS = [
  { name: "id", type: "integer" },
  { name: 'a "b"', type: "text" },
];
const BACKUP: ColumnsBackup = {
  ...ODD,
  key: COLUMNS,
  columns: [
    { name: "price", type: "numeric" },
    { name: "at", type: "date" },
  ],
  rows: 1,
  file: "f",
  bytes: 1,
  sha256: "",
};

describe("the SQL of a backup", () => {
  it("copies the rows of the table itself, or of all partitions, by name", () => {
    expect(renderCopyOut(ODD, COLUMNS)).toBe('copy (select "id", "a ""b""" from only "s"."o""dd") to stdout');
    expect(renderCopyOut({ ...ODD, partitioned: true }, COLUMNS)).toBe(
      'copy (select "id", "a ""b""" from "s"."o""dd") to stdout',
    );
    expect(renderCopyIn('"s"."o""dd"', COLUMNS)).toBe('copy "s"."o""dd" ("id", "a ""b""") from stdin');
  });

  it("finds the tables with rows by one statement", () => {
    const table = { ...ODD, id: "7", partitionOf: null, readable: true, lockable: true, columns: [], keys: [] };
    expect(renderFilled([table, { ...table, id: "8", partitioned: true }])).toBe(
      `select '7' as id where exists (select from only "s"."o""dd")\nunion all\nselect '8' as id where ` +
        `exists (select from "s"."o""dd")`,
    );
  });

  it("finds a second value of a column, even of types without equality", () => {
    expect(renderSecondValue(BACKUP, { name: "price", type: "json" })).toBe(
      'select from only "s"."o""dd" where "price"::text is distinct from (select "price"::text ' +
        'from only "s"."o""dd" limit 1)',
    );
  });

  it("restores columns through a staging table with the same types, by the full key", () => {
    expect(renderStage(BACKUP)).toBe(
      'create temporary table changeover_restored on commit drop as select "id", "a ""b""", "price", "at" ' +
        'from only "s"."o""dd" limit 0',
    );
    expect(renderUpdate(BACKUP)).toBe(`with updated as (update only "s"."o""dd" as t ${SET} ${JOINED} returning 1)
select (select count(*) from changeover_restored)::text as staged, (select count(*) from updated)::text as updated`);
  });
});
