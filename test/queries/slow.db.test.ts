import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryStatement } from "../../src/index.ts";
import { query } from "../support/target.ts";
import { shopInSync } from "./shop.ts";

const SQL = `
CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE visits(id INTEGER PRIMARY KEY, person INTEGER NOT NULL, place TEXT NOT NULL);
CREATE INDEX visits_person ON visits(person);
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
INSERT INTO visits SELECT n, n % 5000, 'place ' || n FROM c;
INSERT INTO people SELECT id, 'person ' || id FROM visits WHERE id <= 150;
`;
const STATEMENT: QueryStatement = {
  sql: "SELECT p.id, (SELECT count(*) FROM visits v WHERE v.person = p.id) FROM people p ORDER BY p.id",
  parameters: [],
};

describe("a statement that PostgreSQL runs much slower", () => {
  let shop: Awaited<ReturnType<typeof shopInSync>>;
  beforeAll(async () => {
    shop = await shopInSync(afterAll, SQL);
    await query(shop.url, "drop index visits_person");
  });

  it("is slow, with the plan's reason and the index that SQLite used", async () => {
    const { statements } = await shop.migration.queries([STATEMENT]);
    const [verdict] = statements;
    expect(verdict).toMatchObject({ verdict: "slow", indexes: ["create index on public.visits (person)"] });
    expect(verdict?.reason).toContain("PostgreSQL's plan: seq scan of visits");
    expect(verdict?.reason).toContain("SQLite used the index visits_person on visits (person), which PostgreSQL lacks");
  });

  it("is no longer slow with the migration that is written for it", async () => {
    const { written } = await shop.migration.queries([STATEMENT], { indexes: true });
    expect(written).toHaveLength(1);
    expect(readFileSync(written[0] ?? "", "utf8")).toContain(
      "create index queries_1_visits_person on public.visits (person);",
    );
    await shop.migration.migrations.up();
    const { statements } = await shop.migration.queries([STATEMENT], { indexes: true });
    expect(statements[0]).toMatchObject({ verdict: "same", indexes: [] });
  });
});
