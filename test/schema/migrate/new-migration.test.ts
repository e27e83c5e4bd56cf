import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { loadMigrations } from "../../../src/schema/migrate/load-migrations.ts";
import { newMigration, nextPrefix } from "../../../src/schema/migrate/new-migration.ts";
import { NO_DATABASE } from "../../../src/schema/migrate/no-database.ts";
import { migrationNames, readMigrationFiles } from "../../../src/schema/migrate/read-migration-files.ts";
import { project } from "../../support/migrations.ts";

describe("the next number", () => {
  const now = new Date("2026-11-23T10:20:30.456Z");
  const NEXT: readonly (readonly [readonly string[], string])[] = [
    [[], "0001"],
    [["0001_a", "0009_b"], "0010"],
    [["1-a", "9-b"], "10"],
    [["001_a", "999_b"], "1000"],
    [["1700000000000_a"], String(now.getTime())],
    [["20250102030405678_a"], "20261123102030456"],
    [["20250102030405_a"], "20261123102030"],
    [["1700000000_a"], "1795429230"],
    [["20300102030405_a"], "20300102030406"],
    [["2024010101_a"], "2024010102"],
  ];
  for (const [names, next] of NEXT)
    it(`after ${names.at(-1) ?? "nothing"} is ${next}`, () => expect(nextPrefix(names, now)).toBe(next));
});

describe("a new migration", () => {
  it("is named like the others, and comes last", () => {
    const { directory } = project({ "0007-first-one.sql": "select 1" });
    expect(basename(newMigration({ directory, name: "Add price, to items", language: "sql" }))).toBe(
      "0008-Add-price-to-items.sql",
    );
    expect(migrationNames(directory)).toEqual(["0007-first-one", "0008-Add-price-to-items"]);
  });

  for (const language of ["sql", "ts"] as const) {
    it(`in ${language} has both sections, and can be loaded as it is`, async () => {
      const { directory } = project({});
      const path = newMigration({ directory, name: "x", language });
      expect(readFileSync(path, "utf8")).toMatch(/up[^]*down/i);
      const [loaded] = await loadMigrations(readMigrationFiles(directory));
      for (const direction of ["up", "down"] as const)
        expect(
          (await loaded?.steps(direction, NO_DATABASE))?.sql
            .join("")
            .replace(/--.*|;/g, "")
            .trim(),
        ).toBe("");
    });
  }

  it("needs a name", () =>
    expect(() => newMigration({ directory: "/nowhere", name: " / ", language: "sql" })).toThrow(/name of letters/));
});
