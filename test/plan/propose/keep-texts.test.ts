import { expect, it, onTestFinished } from "vitest";
import { profileTable } from "../../../src/inspect/profile-table.ts";
import { readSchema } from "../../../src/inspect/read-schema.ts";
import type { SchemaProposal } from "../../../src/model/proposal.ts";
import { proposeSchema } from "../../../src/plan/propose/propose-schema.ts";
import { schemaObjects } from "../../../src/plan/schema-objects.ts";
import { openSource } from "../../../src/source/source.ts";
import { sqliteFile } from "../../support/source.ts";

async function propose(statements: string): Promise<SchemaProposal> {
  const source = openSource({ url: (await sqliteFile(statements)).path });
  onTestFinished(() => source.close());
  const schema = await source.read(readSchema);
  const profiles = await Promise.all(schema.tables.map((table) => profileTable(source, table)));
  return proposeSchema(schema, profiles, { types: "plain" });
}

/** Dates of several formats become text; the column's affinity is NUMERIC. */
const DATES = `CREATE TABLE t(id INTEGER PRIMARY KEY, made DATETIME, other DATETIME);
  INSERT INTO t VALUES (1, '2024-01-31 10:00', '31.1.2024'), (2, 'yesterday', '1.2.2024');`;
const WORDS = `CREATE TABLE t(id INTEGER PRIMARY KEY, name STRING); INSERT INTO t VALUES (1, 'Ada'), (2, 'Bob');`;

const added = ({ findings }: SchemaProposal) =>
  findings.filter(({ code }) => code === "CHECK_ADDED").map(({ column }) => column);
const checks = ({ tables: [table] }: SchemaProposal) => table?.checks.map(({ expression }) => expression);

it("keeps numbers out of a column of dates on whose order a view, CHECK or partial index counts", async () => {
  for (const statement of [
    "CREATE VIEW v AS SELECT id FROM t WHERE made > '2024-01'",
    "CREATE VIEW v AS SELECT max(made) AS latest FROM t",
    "CREATE UNIQUE INDEX u ON t(id) WHERE made > '2024-01'",
  ]) {
    const proposal = await propose(`${DATES} ${statement}`);
    expect(proposal.views.length + (proposal.tables[0]?.indexes.length ?? 0), statement).toBe(1);
    expect(added(proposal), statement).toEqual(["made"]);
    expect(checks(proposal), statement).toEqual([expect.stringMatching(/^made !~\* /)]);
  }
  const checked = await propose(DATES.replace("made DATETIME", "made DATETIME CHECK (made >= '2000-01')"));
  expect(checks(checked)).toEqual([expect.stringContaining("made"), expect.stringMatching(/^made !~\* /)]);
});

it("adds no CHECK where the translation holds for numbers, too", async () => {
  const proposal = await propose(
    `${DATES} CREATE VIEW v AS SELECT lower(made) AS l FROM t WHERE made = 'yesterday' OR made LIKE '2024%'`,
  );
  expect(proposal.views).toHaveLength(1);
  expect([added(proposal), checks(proposal)]).toEqual([[], []]);
});

it("leaves out what holds for texts alone where numbers are as good: names declared STRING", async () => {
  for (const query of ["typeof(name) AS c FROM t", "id FROM t WHERE name > 'B'", "max(name) AS m FROM t"]) {
    const proposal = await propose(`${WORDS} CREATE VIEW v AS SELECT ${query}`);
    expect(proposal.views, query).toEqual([]);
    expect([added(proposal), checks(proposal)], query).toEqual([[], []]);
  }
  const whole = await propose(
    `${WORDS} CREATE VIEW v AS SELECT upper(name) AS u, name || '!' AS w FROM t WHERE name IN ('Ada', '42')`,
  );
  expect(whole.views).toHaveLength(1);
});

it("asks no table that an application made for such a CHECK", async () => {
  const proposal = await propose(`${DATES} CREATE VIEW v AS SELECT id FROM t WHERE made > '2024-01'`);
  expect(schemaObjects(proposal).filter(({ object }) => object.kind === "check")).toEqual([]);
});
