import { describe, expect, it } from "vitest";
import { lockAgainstTruncate } from "../../src/failback/capture/target-changes.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { openTarget } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const T: TableMapping = {
  id: 1,
  source: "t",
  target: { schema: "public", name: "t" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [],
};

describe("a snapshot of the target", () => {
  it("sees the rows that it stands for, although a TRUNCATE came meanwhile; other writes do not wait", async () => {
    const { url, session, target } = await emptyTarget(
      "create table t(id bigint primary key); insert into t values (1), (2)",
    );
    const application = await openTarget({ url }).session();
    await session.transaction(
      async (tx) => {
        await lockAgainstTruncate(tx, [T]);
        await tx.rows("select 1");
        await application.run("insert into t values (3)");
        await expect(application.run("set lock_timeout = 200; truncate t")).rejects.toThrow(/lock/);
        expect(await tx.rows("select id::text as id from t order by t.id")).toEqual([{ id: "1" }, { id: "2" }]);
      },
      { isolation: "repeatable read" },
    );
    await application.run("truncate t");
    await application.close();
    await target.close();
  });
});
