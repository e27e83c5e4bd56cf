import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { classify } from "./classify.ts";

// What Django, Drizzle, Knex, Sequelize and TypeORM asked SQLite in their own tests; docs/recorded-statements.md.
const corpora = readdirSync(new URL("corpora/", import.meta.url)).sort();

describe("statements that others wrote", () => {
  it("are of five applications at least", () => {
    expect(corpora.length).toBeGreaterThanOrEqual(5);
  });

  for (const name of corpora)
    it(`of ${name} are each classified, and most run or have a rewrite`, { timeout: 900_000 }, async () => {
      const { statements, totals } = await classify(name, afterAll);
      const refused = totals.fails + totals.differs;
      expect(statements.length).toBeGreaterThan(100);
      expect(refused / statements.length, JSON.stringify(totals)).toBeLessThan(LARGEST_SHARE[name] ?? 0.1);
    });
});

/** Of statements without a rewrite, as measured; Knex and Django test what is special in SQLite. */
const LARGEST_SHARE: Readonly<Record<string, number>> = { django: 0.16, drizzle: 0.2, knex: 0.32 };
