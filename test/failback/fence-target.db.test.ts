import { describe, expect, it } from "vitest";
import { prepareFailbackCapture } from "../../src/failback/capture/enable-failback.ts";
import { completeTargetFence, raiseTargetFence } from "../../src/failback/fence-target.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { openTarget } from "../../src/target/target.ts";
import { setTargetFence } from "../../src/target/target-fence-triggers.ts";
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

async function fenced(standsMs: number) {
  const { url, session, target } = await emptyTarget("create table t(id bigint primary key); insert into t values (1)");
  await prepareRunStore(session, url);
  await prepareFailbackCapture(session, [T]);
  const fence = { run: "00000000-0000-0000-0000-000000000001", session, mappings: [T], location: "app.db" };
  await setTargetFence(session, { kind: "open" });
  await completeTargetFence(fence, 1_000);
  const raise = () => raiseTargetFence(fence, { standsMs, lockWaitMs: 300 });
  const application = await openTarget({ url }).session();
  return { raise, application, close: () => Promise.all([application.close(), target.close()]) };
}

describe("the fence of the target", () => {
  it("refuses a transaction that took its snapshot before the fence and writes after it", async () => {
    const { raise, application, close } = await fenced(30_000);
    await application.run("begin isolation level repeatable read; select count(*) from t");
    await raise();
    await expect(application.run("insert into t values (2)")).rejects.toThrow(
      /CHANGEOVER_FENCED state=returning target=app.db/,
    );
    await application.run("rollback");
    await close();
  });

  it("waits for a transaction that has written before, and is not raised where that one does not end", async () => {
    const { raise, application, close } = await fenced(30_000);
    await application.run("begin; insert into t values (2)");
    await expect(raise()).rejects.toMatchObject({ code: "TARGET_BUSY" });
    await application.run("insert into t values (3)");
    const raised = raise();
    await application.run("commit");
    await raised;
    await expect(application.run("insert into t values (4)")).rejects.toThrow(/CHANGEOVER_FENCED state=returning/);
    expect(await application.rows("select id::int as id from t order by 1")).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await close();
  });

  it("refuses every statement that would write, TRUNCATE and one that touches no row included", async () => {
    const { raise, application, close } = await fenced(30_000);
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
    const { raise, application, close } = await fenced(300);
    await raise();
    await expect(application.run("delete from t")).rejects.toThrow(/CHANGEOVER_FENCED/);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await application.run("update t set id = 3");
    await raise();
    await expect(application.run("delete from t")).rejects.toThrow(/CHANGEOVER_FENCED/);
    await close();
  });
});
