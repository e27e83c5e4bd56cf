import { beforeAll, describe, expect, it } from "vitest";
import { hasDenseParentKeys, renderDenseKeys } from "../../src/target/dense-keys.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

let session: TargetSession;
beforeAll(async () => {
  ({ session } = await emptyTarget());
});

describe("hasDenseParentKeys", () => {
  it.each<[string, string, string, boolean]>([
    ["parents without gaps", "bigint", "(1), (2), (3)", true],
    ["a gap between parents", "bigint", "(1), (3)", false],
    ["a gap that another type hides", "numeric", "(1), (2.5), (4)", false],
    ["too few parents", "integer", "(2), (3)", false],
    ["texts that are numbers", "text", "('1'), ('2'), ('3')", false],
    ["no parents", "integer", "", false],
  ])("tells of %s", async (_name, type, parents, dense) => {
    await session.run(
      `drop table if exists "a ""child", parent; create table parent(id ${type} primary key); ` +
        `create table "a ""child"("p q" ${type})`,
    );
    if (parents !== "") await session.run(`insert into parent values ${parents}`);
    await session.run(`insert into "a ""child" values ('1'), ('3'), (null)`);
    await session.run('alter table "a ""child" add constraint fk foreign key ("p q") references parent not valid');
    const [row] = await session.rows<{ definition: string }>(
      "select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'fk'",
    );
    // Whatever PostgreSQL refuses stays in its log, where someone looks for errors.
    const refused: unknown[] = [];
    const listening: Pick<TargetSession, "rows"> = {
      rows: (text, parameters) =>
        session.rows(text, parameters).catch((error: unknown) => {
          refused.push(error);
          throw error;
        }) as never,
    };
    expect(await hasDenseParentKeys(listening, '"a ""child"', row?.definition ?? "")).toBe(dense);
    expect(refused).toEqual([]);
  });

  it("is true for a table without values", async () => {
    await session.run(
      "drop table if exists empty, nobody; create table nobody(id integer primary key); " +
        "create table empty(p integer references nobody(id))",
    );
    expect(await hasDenseParentKeys(session, "empty", "FOREIGN KEY (p) REFERENCES nobody(id)")).toBe(true);
  });

  it("does not handle keys of several columns", () => {
    expect(renderDenseKeys("child", "FOREIGN KEY (a, b) REFERENCES parent(a, b)")).toBeNull();
    expect(renderDenseKeys("child", "FOREIGN KEY (a) REFERENCES s.parent(id) ON DELETE CASCADE")).toContain(
      "from s.parent",
    );
  });
});
