import { describe, expect, it } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = Buffer.from(`5\t${"q".repeat(100)}\n`.repeat(5_000));

describe("a session with the target", () => {
  it("reports PostgreSQL's error in a COPY, without the value", async () => {
    const { session, target } = await emptyTarget("create table t(a bigint primary key, b text)");
    const copy = (lines: string) =>
      session.transaction(async (tx) => {
        const started = await tx.copyIn("copy t from stdin");
        await started.write(Buffer.from(lines));
        await started.finish();
      });
    await copy("1\ta\n");
    await expect(copy("2\ta\nsecret\tb\n")).rejects.toMatchObject({
      code: "TARGET_FAILED",
      context: { sqlState: "22P02", where: "COPY t, line 2, column a" },
      message: expect.not.stringContaining("secret") as string,
    });
    await expect(copy("1\ta\n")).rejects.toMatchObject({ context: { sqlState: "23505", constraint: "t_pkey" } });
    expect(await session.rows("select a::int from t")).toEqual([{ a: 1 }]);
    await target.close();
  });

  it("aborts a COPY when its transaction fails, and stays usable", async () => {
    const { session, target } = await emptyTarget("create table t(a bigint, b text)");
    const failed = session.transaction(async (tx) => {
      await (await tx.copyIn("copy t from stdin")).write(ROWS);
      throw new Error("something else");
    });
    await expect(failed).rejects.toThrow("something else");
    expect(await session.rows("select count(*)::int as n from t")).toEqual([{ n: 0 }]);
    await target.close();
  });

  it("aborts a COPY that has not started yet, repeatedly", async () => {
    const { session, target } = await emptyTarget("create table t(a bigint, b text)");
    const failed = session.transaction(async (tx) => {
      const first = await tx.copyIn("copy t from stdin");
      await first.finish();
      // Nobody waits for it yet: with ROLLBACK in the middle of a COPY, PostgreSQL would end the connection.
      tx.copyIn("copy t from stdin").catch(() => {});
      throw new Error("something else");
    });
    await expect(failed).rejects.toThrow("something else");
    const failedToBegin = session.transaction(async (tx) => {
      tx.copyIn("copy nothing from stdin").catch(() => {});
      throw new Error("something else");
    });
    await expect(failedToBegin).rejects.toThrow("something else");
    expect(await session.rows("select count(*)::int as n from t")).toEqual([{ n: 0 }]);
    await target.close();
  });

  for (const pause of [0, 300]) {
    it(`never hangs when its connection is cut in the middle of a COPY (written to ${pause} ms later)`, async () => {
      const { url, session, target } = await emptyTarget("create table t(a bigint, b text)");
      const other = await openTarget({ url }).session();
      const [own] = await session.rows<{ pid: number }>("select pg_backend_pid() as pid");
      const cut = session.transaction(async (tx) => {
        const copy = await tx.copyIn("copy t from stdin");
        await copy.write(ROWS);
        await other.rows("select pg_terminate_backend($1::int)", [own?.pid ?? 0]);
        await new Promise((resolve) => setTimeout(resolve, pause));
        for (let n = 0; n < 30; n++) await copy.write(ROWS);
        await copy.finish();
      });
      await expect(cut).rejects.toMatchObject({ code: "TARGET_LOST" });
      expect(session.alive).toBe(false);
      await expect(session.rows("select 1")).rejects.toMatchObject({ code: "TARGET_LOST" });
      await other.close();
      await target.close();
    });
  }
});
