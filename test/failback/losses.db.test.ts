import { describe, expect, it } from "vitest";
import { readSchemaAtCutover } from "../../src/failback/capture/schema-at-cutover.ts";
import { refuseLateLosses } from "../../src/failback/prepare-failback.ts";
import { presentSchema } from "../../src/failback/schema-losses.ts";
import { ValueLosses } from "../../src/failback/value-losses.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import type { Run } from "../../src/model/run.ts";
import { renderLosses } from "../../src/status/render-losses.ts";
import { openTarget } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const column = (name: string) =>
  ({
    source: name,
    target: name,
    affinity: "text",
    collation: "BINARY",
    conversion: { kind: "text", maxLength: null, padded: false },
  }) as const;

const T: TableMapping = {
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [column("id"), column("a"), column("b")],
};

const loss = (key: string, announced = false) =>
  ({
    id: 1,
    table: "t",
    column: "a",
    kind: "rounded",
    announced,
    key: [{ type: "integer", value: key }],
  }) as const;

const RUN = { id: "00000000-0000-0000-0000-000000000000", mappings: [T] } as unknown as Run;
const SCHEMA =
  "create table t(id text primary key, a text, b text); create type mood as enum ('good'); insert into t values ('k1')";

async function opened() {
  const made = await emptyTarget(SCHEMA);
  const then = await readSchemaAtCutover(made.session, [T]);
  const present = () =>
    presentSchema(made.session, then, { mappings: [T], retype: () => ({ kind: "numeric", scale: null }) });
  return { ...made, then, present };
}

describe("the schema since the cutover", () => {
  it("is what it was where nobody changed it, analyzed and vacuumed or not", async () => {
    const { session, target, present } = await opened();
    await session.run("analyze t");
    expect(await present()).toEqual({ mappings: [T], losses: [] });
    await target.close();
  });

  it("names what was made, each thing once", async () => {
    const { session, target, present } = await opened();
    await session.run(
      "create table u(id serial primary key, t text references t); create index u_t on u(t); insert into u(t) " +
        "values ('k1'); create sequence s; create view v as select 1 as one; create materialized view m as " +
        "select 1 as one; alter table t add constraint a_set " +
        "check (a <> '') not valid; alter type mood add value 'bad'; " +
        "create function f() returns int language sql as 'select 1'; alter table t add column c int; update t " +
        "set c = 1",
    );
    const { losses } = await present();
    expect(
      renderLosses(losses)
        .map((line) => line.trim())
        .sort(),
    ).toEqual([
      "column t.c was made after the cutover: it stays behind with 1 value (key k1)",
      "constraint a_set of t was made after the cutover: it stays behind",
      "enum value mood.bad was made after the cutover: it stays behind",
      "function f was made after the cutover: it stays behind",
      "materialized view m was made after the cutover: it stays behind",
      "sequence s was made after the cutover: it stays behind",
      "table u was made after the cutover: it stays behind with 1 row",
      "view v was made after the cutover: it stays behind",
    ]);
    expect(losses.filter(({ announced }) => !announced).map(({ kind }) => kind)).toEqual([
      "column_added",
      "table_added",
    ]);
    await target.close();
  });

  it("is followed where a table or column got another name, schema or type, and named where it is gone", async () => {
    const { session, target, present } = await opened();
    await session.run(
      "create schema other; alter table t rename to t2; alter table t2 set schema other; alter table other.t2 " +
        "rename a to a2; alter table other.t2 alter a2 type numeric " +
        "using null; alter table other.t2 drop column b; alter table other.t2 add column b text",
    );
    expect(await present()).toMatchObject({
      mappings: [
        {
          target: { schema: "other", name: "t2" },
          columns: [{ target: "id" }, { source: "a", target: "a2", conversion: { kind: "numeric" } }],
        },
      ],
      losses: [
        { kind: "column_dropped", column: "b" },
        // By that name, but not the one that was copied.
        { kind: "column_added", column: "b" },
      ],
    });
    await session.run("drop table other.t2");
    expect(await present()).toMatchObject({ mappings: [], losses: [{ kind: "table_dropped", table: "t" }] });
    await target.close();
  });

  it("is refused where a key column is another, since rows could not be found", async () => {
    const { session, target, present } = await opened();
    await session.run("alter table t rename id to ident");
    await expect(present()).rejects.toMatchObject({ code: "FAILBACK_KEY_CHANGED" });
    await target.close();
  });
});

describe("behind the fence", () => {
  it("a value that came after the list was accepted undoes the return, one that was in it does not", async () => {
    const { session, target, url } = await opened();
    await prepareStore(url);
    const losses = new ValueLosses();
    losses.note(loss("1"));
    losses.accept();
    losses.note(loss("1"));
    losses.note(loss("3", true));
    await refuseLateLosses(session, RUN, { accepted: [], fingerprint: "", losses });
    losses.note(loss("2"));
    await expect(refuseLateLosses(session, RUN, { accepted: [], fingerprint: "", losses })).rejects.toMatchObject({
      code: "FAILBACK_LOSES_DATA",
    });
    await target.close();
  });

  it("a table that was made after the list was accepted undoes it, too", async () => {
    const { session, target, then, url } = await opened();
    await prepareStore(url, JSON.stringify(then));
    const losses = new ValueLosses();
    await refuseLateLosses(session, RUN, { accepted: [], fingerprint: "", losses });
    await session.run("create index t_a on t(a)");
    await refuseLateLosses(session, RUN, { accepted: [], fingerprint: "", losses });
    await session.run("create table late(id int)");
    await expect(refuseLateLosses(session, RUN, { accepted: [], fingerprint: "", losses })).rejects.toThrow(
      /table late/,
    );
    await target.close();
  });
});

async function prepareStore(url: string, then: string | null = null): Promise<void> {
  const target = openTarget({ url });
  const session = await target.session();
  await session.run(
    "create schema changeover; create table changeover.failback(run uuid, restored_at_cutover jsonb); " +
      "create table changeover.failback_schema(run uuid, schema jsonb)",
  );
  await session.rows("insert into changeover.failback values ($1, null)", [RUN.id]);
  if (then !== null)
    await session.rows("insert into changeover.failback_schema values ($1, ($2::text)::jsonb)", [RUN.id, then]);
  await target.close();
}

describe("the list of lost values", () => {
  it("counts each row once and names the keys of twenty", () => {
    const losses = new ValueLosses();
    for (let n = 0; n < 30; n++) for (let twice = 0; twice < 2; twice++) losses.note(loss(String(n)));
    expect(losses.list()).toMatchObject([{ table: "t", column: "a", kind: "rounded", count: 30 }]);
    expect(losses.list()[0]?.keys).toHaveLength(20);
    expect(losses.rows().get(1)).toHaveLength(30);
  });
});
