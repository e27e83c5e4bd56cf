import { describe, expect, it } from "vitest";
import { prepareFailbackCapture } from "../../src/failback/capture/enable-failback.ts";
import { raiseTargetFence } from "../../src/failback/fence-target.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { openTarget } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const T: TableMapping = {
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [
    {
      source: "id",
      target: "id",
      affinity: "integer",
      collation: "BINARY",
      conversion: { kind: "integer", type: "bigint" },
    },
  ],
};

async function fenced(seconds: number) {
  const { url, session, target } = await emptyTarget("create table t(id bigint primary key); insert into t values (1)");
  await prepareRunStore(session, url);
  await prepareFailbackCapture(session, [T]);
  const raise = () =>
    raiseTargetFence(
      { run: "00000000-0000-0000-0000-000000000001", session, mappings: [T], location: "app.db" },
      { seconds, patience: 1_000 },
    );
  const application = await openTarget({ url }).session();
  return { raise, application, close: () => Promise.all([application.close(), target.close()]) };
}

describe("the fence of the target", () => {
  it("refuses a transaction that took its snapshot before the fence and writes after it", async () => {
    const { raise, application, close } = await fenced(30);
    await application.run("begin isolation level repeatable read; select count(*) from t");
    await raise();
    await expect(application.run("insert into t values (2)")).rejects.toThrow(
      /CHANGEOVER_FENCED state=returning target=app.db/,
    );
    await application.run("rollback");
    await close();
  });

  it("refuses every statement that would write, TRUNCATE and one that touches no row included", async () => {
    const { raise, application, close } = await fenced(30);
    await raise();
    for (const statement of [
      "insert into t values (2)",
      "update t set id = 9 where id = 5",
      "delete from t",
      "truncate t",
      "insert into t values (1) on conflict do nothing",
    ]) {
      await expect(application.run(statement)).rejects.toThrow(/CHANGEOVER_FENCED/);
    }
    expect(await application.rows("select id::text as id from t")).toEqual([{ id: "1" }]);
    await close();
  });

  it("falls by itself after its time, and can go up again", async () => {
    const { raise, application, close } = await fenced(0.3);
    await raise();
    await expect(application.run("delete from t")).rejects.toThrow(/CHANGEOVER_FENCED/);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await application.run("update t set id = 3");
    await raise();
    await expect(application.run("delete from t")).rejects.toThrow(/CHANGEOVER_FENCED/);
    await close();
  });
});
