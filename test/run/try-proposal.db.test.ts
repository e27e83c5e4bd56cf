import { expect, it } from "vitest";
import type { ProposedTable, SchemaProposal } from "../../src/model/proposal.ts";
import type { SourceSchema } from "../../src/model/source-schema.ts";
import { tryOnTarget, withoutRefused } from "../../src/run/try-proposal.ts";
import { openTarget } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const column = {
  source: "a",
  name: "a",
  type: "bigint",
  collation: null,
  nullable: true,
  identity: false,
  evidence: "",
};

const TABLE: ProposedTable = {
  source: "t",
  name: "t",
  columns: [
    { ...column, source: "id", name: "id", default: null, generated: null },
    { ...column, default: "1 + nosuch()", generated: null },
    { ...column, source: "good", name: "good", default: "7", generated: null },
    { ...column, source: "g", name: "g", type: "text", default: null, generated: "now()::text" },
    { ...column, source: "j", name: "j", type: "json", default: null, generated: null },
  ],
  primaryKey: null,
  uniques: [
    { name: null, columns: ["j"] },
    { name: null, columns: ["good"] },
  ],
  checks: [
    { name: "odd", expression: "a > 'x'::bytea", source: "a > x''", notValid: false },
    { name: "fine", expression: "a > 0", source: "a > 0", notValid: false },
  ],
  indexes: [
    { name: "i", unique: false, terms: ["(random())"], where: null, source: "CREATE INDEX i ON t(random())" },
    { name: "k", unique: false, terms: ["a"], where: "a > 0" },
  ],
  foreignKeys: [],
  untranslated: [],
};

const PROPOSAL: SchemaProposal = {
  types: "plain",
  tables: [TABLE],
  views: [
    { source: "v", name: "v", columns: ["x"], query: "select a from t group by good" },
    { source: "w", name: "w", columns: ["x"], query: "select a from t" },
    { source: "on_v", name: "on_v", columns: ["x"], query: "select x from v" },
  ],
  untranslated: [],
  findings: [],
};

const SCHEMA = {
  tables: [{ name: "t", columns: [{ name: "a", defaultSql: "(1 + nosuch())" }] }],
  views: [{ name: "v", sql: "CREATE VIEW v AS SELECT a FROM t GROUP BY good" }],
} as unknown as SourceSchema;

it("leaves out what PostgreSQL refuses, with its text and PostgreSQL's reason, and keeps all else", async () => {
  const { session, url } = await emptyTarget("create table t (kept text); insert into t values ('stays')");
  const { findings, tables, untranslated, views } = await withoutRefused(session, PROPOSAL, SCHEMA);
  const [table] = tables;
  expect(views.map(({ name }) => name)).toEqual(["w"]);
  expect(table?.columns.map(({ default: value, generated }) => [value, generated])).toEqual([
    [null, null],
    [null, null],
    ["7", null],
    [null, null],
    [null, null],
  ]);
  expect(table?.checks.map(({ name }) => name)).toEqual(["fine"]);
  expect(table?.indexes.map(({ name }) => name)).toEqual(["k"]);
  expect(table?.uniques).toEqual([{ name: null, columns: ["good"] }]);
  expect(findings.map(({ code, table: of, object }) => `${code} ${of} ${object?.name ?? ""}`)).toEqual([
    "DEFAULT_NOT_TRANSLATED t a",
    "GENERATED_AS_PLAIN t g",
    "CHECK_NOT_TRANSLATED t odd",
    "INDEX_NOT_TRANSLATED t UNIQUE (j)",
    "INDEX_NOT_TRANSLATED t i",
    "VIEW_NOT_TRANSLATED v v",
    "VIEW_NOT_TRANSLATED on_v on_v",
  ]);
  expect(findings[0]?.message).toBe(
    "the default of column a has no translation: PostgreSQL refuses its translation: function nosuch() does not exist",
  );
  expect(table?.untranslated.map(({ sql }) => sql)).toEqual([
    "DEFAULT (1 + nosuch())",
    "AS ()",
    "CHECK (a > x'')",
    "UNIQUE (j)",
    "CREATE INDEX i ON t(random())",
  ]);
  expect(untranslated[0]?.sql).toBe("CREATE VIEW v AS SELECT a FROM t GROUP BY good");
  // Nothing of it stays in the target.
  expect(await session.rows("select kept from t")).toEqual([{ kept: "stays" }]);
  const over = openTarget({ url });
  try {
    expect(await (await over.session()).rows("select 1 from pg_class where relname in ('w', 'k')")).toEqual([]);
  } finally {
    await over.close();
  }
});

it("keeps all where a table cannot be made, or no target can be reached", async () => {
  const { session } = await emptyTarget();
  const broken = { ...TABLE, columns: TABLE.columns.map((one) => ({ ...one, type: "nosuchtype" })) };
  const proposal = { ...PROPOSAL, tables: [broken] };
  expect(await withoutRefused(session, proposal, SCHEMA)).toEqual(proposal);

  const said: string[] = [];
  const target = openTarget({ url: "postgres://nobody@127.0.0.1:1/none" });
  const context = { target, report: (event: { message?: string }) => void said.push(event.message ?? "") };
  expect(await tryOnTarget(context as Parameters<typeof tryOnTarget>[0], PROPOSAL, SCHEMA)).toBe(PROPOSAL);
  expect(said[0]).toMatch(/could not be tried on the target/);
});
