import { expect, it, onTestFinished } from "vitest";
import { profileTable } from "../../../src/inspect/profile-table.ts";
import { readSchema } from "../../../src/inspect/read-schema.ts";
import { surelyPasses } from "../../../src/plan/translate/surely-passes.ts";
import { conversionOfType } from "../../../src/plan/types/conversion-of-type.ts";
import { notConvertible } from "../../../src/rows/not-convertible.ts";
import { openSource } from "../../../src/source/source.ts";
import { AWKWARD_TYPES, AWKWARD_VALUES } from "../../support/awkward-values.ts";
import { sqliteFile } from "../../support/source.ts";

it("never says of values that a type would refuse that they pass", async () => {
  // One column for each value, and for each value next to each fifth other.
  const sets = AWKWARD_VALUES.flatMap((value, index) => [
    [value],
    ...AWKWARD_VALUES.filter((_, other) => other % 5 === index % 5 && other > index).map((other) => [value, other]),
  ]);
  for (let start = 0; start < sets.length; start += 400) {
    const part = sets.slice(start, start + 400);
    const { path, application } = await sqliteFile(
      `CREATE TABLE t (${part.map((_, index) => `c${index}`).join(", ")});`,
    );
    for (const row of [0, 1])
      await application.execute(`INSERT INTO t VALUES (${part.map((values) => values[row] ?? "NULL").join(", ")})`);
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const [table] = (await source.read(readSchema)).tables;
    if (table === undefined) throw new Error("no table");
    const profile = await profileTable(source, table);
    const wrong: string[] = [];
    for (const type of AWKWARD_TYPES) {
      for (const [index, values] of part.entries()) {
        const seen = profile.columns[index];
        if (seen === undefined) throw new Error("no column");
        const conversion = conversionOfType(type, seen);
        if (!surelyPasses(conversion, seen)) continue;
        const rows = await source.read((tx) =>
          tx.rows(`SELECT count(*) FROM t WHERE ${notConvertible(`t.c${index}`, type, conversion)}`),
        );
        if (Number(rows[0]?.[0]) > 0) wrong.push(`${type}: ${values.join(", ")}`);
      }
    }
    expect(wrong).toEqual([]);
  }
});
