import { describe, expect, it } from "vitest";
import { openTarget, type TargetTransaction } from "../../src/target/target.ts";
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

  it("gives the rows of each statement of a message that has any", async () => {
    const { session, target } = await emptyTarget("create table t(a int); insert into t values (1), (2)");
    const sets = await session.batch([
      { text: "set lock_timeout = 0" },
      { text: "select a from t where a = $1 -- one", parameters: [2] },
      { text: "update t set a = 3 where a = 2" },
      { text: "select a from t where a = 9" },
      { text: "insert into t values (4) returning a" },
      { text: "update t set a = a" },
    ]);
    expect(sets).toEqual([[{ a: 2 }], [], [{ a: 4 }]]);
    expect(await session.batch([{ text: "select a from t where a = 1" }])).toEqual([[{ a: 1 }]]);
    expect(await session.batch([{ text: "select 1 as a" }, { text: "select 2 as b" }])).toEqual([
      [{ a: 1 }],
      [{ b: 2 }],
    ]);
    expect(await session.batch([{ text: "set lock_timeout = 0" }, { text: "update t set a = a" }])).toEqual([]);
    await target.close();
  });

  it("begins a transaction with its first statement, whichever that is", async () => {
    const { session, target } = await emptyTarget("create table t(a int)");
    const isolation = "current_setting('transaction_isolation') as isolation";
    const firsts = {
      rows: (tx: TargetTransaction) => tx.rows(`select ${isolation}`),
      parameters: (tx: TargetTransaction) => tx.rows(`select ${isolation} where $1 = 1`, [1]),
      long: (tx: TargetTransaction) => tx.rows(`select ${isolation} where $1 <> ''`, ["x".repeat(50_000)]),
      batch: async (tx: TargetTransaction) => (await tx.batch([{ text: `select ${isolation}` }]))[0],
      copy: async (tx: TargetTransaction) => {
        await (await tx.copyIn("copy t from stdin")).finish();
        return tx.rows(`select ${isolation}`);
      },
      savepoint: (tx: TargetTransaction) => tx.savepoint(() => tx.rows(`select ${isolation}`)),
    };
    for (const [what, first] of Object.entries(firsts)) {
      const found = await session.transaction(first, { isolation: "repeatable read" });
      expect(found, what).toEqual([{ isolation: "repeatable read" }]);
      const after = await session.rows(`select ${isolation}`);
      expect(after, what).toEqual([{ isolation: "read committed" }]);
    }
    await session.transaction(async () => {}, { isolation: "repeatable read" });
    const untouched = session.transaction(() => Promise.reject(new Error("none")), { isolation: "repeatable read" });
    await expect(untouched).rejects.toThrow("none");
    expect(await session.rows(`select ${isolation}`)).toEqual([{ isolation: "read committed" }]);
    await target.close();
  });

  it("takes a transaction in one message back as a whole, and is free for the next", async () => {
    const { session, target } = await emptyTarget("create table t(a int primary key deferrable initially deferred)");
    const insert = (...values: number[]) => values.map((value) => ({ text: `insert into t values (${value})` }));
    await expect(session.transactionAtOnce([...insert(1), { text: "select 1 / 0" }, ...insert(2)])).rejects.toThrow();
    // Noticed at the commit alone.
    await expect(session.transactionAtOnce(insert(1, 1))).rejects.toMatchObject({ context: { sqlState: "23505" } });
    // Not even begun.
    await expect(session.transactionAtOnce([{ text: "nonsense" }])).rejects.toThrow();
    expect(await session.rows("select a from t")).toEqual([]);
    const durability = { text: "select current_setting('synchronous_commit') as durability" };
    const sets = await session.transactionAtOnce([...insert(1), durability], { isDurable: false });
    expect(sets).toEqual([[{ durability: "off" }]]);
    expect(await session.rows("select a from t")).toEqual([{ a: 1 }]);
    await target.close();
  });

  it("reads what is committed, whatever the database's own default is", async () => {
    const { session, target, url } = await emptyTarget("create table t(a int)");
    await session.run("set default_transaction_isolation = 'repeatable read'");
    const other = openTarget({ url });
    const writer = await other.session();
    await session.transaction(async (tx) => {
      expect(await tx.rows("select a from t")).toEqual([]);
      await writer.run("insert into t values (1)");
      expect(await tx.rows("select a from t")).toEqual([{ a: 1 }]);
    });
    const setting = "select current_setting('transaction_isolation') as isolation";
    expect(await session.transactionAtOnce([{ text: setting }])).toEqual([[{ isolation: "read committed" }]]);
    await other.close();
    await target.close();
  });

  it("has not committed a message in which its connection ends, and says that it is lost", async () => {
    const { session, target, url } = await emptyTarget("create table t(a int)");
    const insert = { text: "insert into t values (1)" };
    const last = { text: "select pg_terminate_backend(pg_backend_pid())" };
    await expect(session.transactionAtOnce([insert, last])).rejects.toMatchObject({ code: "TARGET_LOST" });
    const other = openTarget({ url });
    expect(await (await other.session()).rows("select a from t")).toEqual([]);
    await other.close();
    await target.close();
  });

  it("never says that a transaction is committed in which a failure was passed over", async () => {
    const { session, target } = await emptyTarget("create table t(a int)");
    const passedOver = session.transaction(async (tx) => {
      await tx.run("insert into t values (1)");
      await tx.run("select 1 / 0").catch(() => {});
    });
    await expect(passedOver).rejects.toMatchObject({ code: "TARGET_FAILED" });
    expect(await session.rows("select a from t")).toEqual([]);
    await target.close();
  });

  it("can be used right behind a transaction whose end nobody hears", async () => {
    const { session, target } = await emptyTarget("create table t(a int)");
    const read = () => session.transaction((tx) => tx.rows("select a from t"), { endsUnheard: true });
    for (let turn = 0; turn < 3; turn++) expect(await read()).toEqual([]);
    expect(await session.rows("select 1 as a")).toEqual([{ a: 1 }]);
    await read();
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
