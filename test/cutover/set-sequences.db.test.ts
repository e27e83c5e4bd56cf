import { describe, expect, it } from "vitest";
import { setSequences } from "../../src/cutover/set-sequences.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { emptyTarget } from "../support/target.ts";

const mapping = (name: string): TableMapping => ({
  id: 1,
  source: name,
  target: { schema: "public", name },
  identity: { kind: "columns", columns: ["id"] },
  columns: [],
});

async function nextAfter(statements: string, tables: readonly string[], sequence: string): Promise<number> {
  const { session, target } = await emptyTarget(statements);
  try {
    await session.transaction((tx) => setSequences(tx, tables.map(mapping), new Map([["a", 9n]])));
    const [row] = await session.rows<{ next: string }>(`select nextval('${sequence}')::text as next`);
    return Number(row?.next);
  } finally {
    await target.close();
  }
}

const TWO = "insert into a values (1), (7); insert into b values (3), (20);";

describe("the sequence of a key", () => {
  it("that its column owns stands behind the rows, and behind what the source has given out", async () => {
    const tables = "create table a (id serial primary key); insert into a values (7)";
    expect(await nextAfter(tables, ["a"], "a_id_seq")).toBe(10);
  });

  it("that only its default names does so too", async () => {
    const tables =
      "create sequence s; create table a (id int primary key default nextval('s')); insert into a values (7)";
    expect(await nextAfter(tables, ["a"], "s")).toBe(10);
  });

  it.each(["a_id_seq", "a_seq", `"a_SEQ"`])("that stands free as %s, as an ORM makes it, does so too", async (name) => {
    const tables = `create sequence ${name}; create table a (id int primary key); insert into a values (12)`;
    expect(await nextAfter(tables, ["a"], name)).toBe(13);
  });

  it("that two tables share stands behind both, and does not go back where one is set again", async () => {
    const defaults = "create table a (id int primary key default nextval('s')); ";
    const shared = `create sequence s; ${defaults}create table b (id int primary key default nextval('s')); ${TWO}`;
    expect(await nextAfter(shared, ["a", "b"], "s")).toBe(21);
    expect(await nextAfter(`${shared} select setval('s', 20);`, ["a"], "s")).toBe(21);
  });

  it("is left alone where it only looks like one: owned by another column, or of a key with a default", async () => {
    const other = "create table o (x serial); alter sequence o_x_seq rename to a_seq; ";
    expect(
      await nextAfter(`${other} create table a (id int primary key); insert into a values (12)`, ["a"], "a_seq"),
    ).toBe(1);
    const own = "create sequence a_seq; create table a (id int primary key default 5); insert into a values (12)";
    expect(await nextAfter(own, ["a"], "a_seq")).toBe(1);
  });
});
