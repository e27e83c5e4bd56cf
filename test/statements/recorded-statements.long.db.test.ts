import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { classify } from "./classify.ts";
import { type Corpus, renderPage, sharesOf } from "./render-page.ts";

// What Django, Drizzle, Knex, Sequelize and TypeORM asked SQLite in their own tests.
const corpora = readdirSync(new URL("corpora/", import.meta.url)).sort();
const page = fileURLToPath(new URL("../../docs/recorded-statements.md", import.meta.url));

describe("statements that others wrote", () => {
  const done: Corpus[] = [];

  for (const name of corpora)
    it(`of ${name} are each classified`, { timeout: 900_000 }, async () => {
      const result = await classify(name, afterAll);
      done.push({ name, result });
      expect(result.statements.length).toBeGreaterThan(100);
      expect(result.totals.same + result.totals.rewritten).toBeGreaterThan(result.statements.length * 0.75);
    });

  it("are at least 1,000 of five libraries", () => {
    expect(done.length).toBeGreaterThanOrEqual(5);
    expect(done.reduce((sum, { result }) => sum + result.statements.length, 0)).toBeGreaterThan(1_000);
  });

  it("have a rewrite in nine of ten cases where they fail or differ and an equal may exist", () => {
    expect(sharesOf(done).ofPossible).toBeGreaterThanOrEqual(0.9);
  });

  it("are counted as docs/recorded-statements.md says", async () => {
    await expect(renderPage(done)).toMatchFileSnapshot(page);
  });
});
