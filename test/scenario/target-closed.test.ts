import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { migrating, TRICK } from "../support/migrating.ts";
import { query } from "../support/target.ts";

describe("the target before it is open", () => {
  it("takes no write from a client that goes there on state=cutting-over, and each once it is open", {
    timeout: 90_000,
  }, async () => {
    const { application, cwd, env, other, run } = await migrating();
    expect((await run("sync", "--until", "caught-up")).json).toMatchObject({ ended: "caught-up" });
    const cutover = startCli(["cutover", "--max-downtime", "20000ms", "--hook", "after-fence=sleep 0.5", "--json"], {
      cwd,
      env,
    });
    const refusals = new Set<string>();
    let id = 1_000;
    const stateOf = (message: string) => {
      const state = /CHANGEOVER_FENCED state=([a-z-]+)/.exec(message)?.[1];
      if (state === undefined) throw new Error(message);
      refusals.add(state);
    };
    // To SQLite until it refuses, then to PostgreSQL for good: the naive client.
    for (;;) {
      const refused = await application.execute(`INSERT INTO accounts VALUES(${++id}, 1)`).then(
        () => null,
        (error: unknown) => String(error),
      );
      if (refused === null) await delay(20);
      else {
        stateOf(refused);
        break;
      }
    }
    let isOver = false;
    void cutover.ended.then(() => {
      isOver = true;
    });
    for (;;) {
      const isLast = isOver;
      const refused = await other.tries(
        `insert into accounts values (${id}, 2); update accounts set balance = 101 where id = 1`,
      );
      if (refused === null || isLast) break;
      stateOf(refused);
      await delay(5);
    }
    const ended = await cutover.ended;
    expect(JSON.parse(ended.stdout.trim().split("\n").at(-1) ?? ""), ended.stderr).toMatchObject({
      ok: true,
      phase: "cut-over",
    });
    expect([...refusals]).toEqual(["cutting-over", "not-open"]);
    expect(await other.rows("select count(*)::int as n, max(balance)::int as most from accounts")).toEqual([
      { n: id - 1_000 + 3, most: 300 },
    ]);
    // What was written in PostgreSQL is logged, all of it: so the failback is free.
    expect((await run("rollback", "--yes")).json).toMatchObject({ ok: true, phase: "returned" });
    expect((await application.execute("SELECT balance FROM accounts WHERE id = 1")).rows[0]?.[0]).toBe(101n);
    expect(await other.tries("delete from visits")).toContain("state=returned");
    expect((await run("sync", "--until", "caught-up")).json).toMatchObject({ ended: "caught-up" });
    expect(await other.tries("delete from visits")).toContain("state=not-open");
  });

  it("finds what one who may do anything wrote all the same, names it, undoes it, and then opens", {
    timeout: 90_000,
  }, async () => {
    const { env, other, path, run, url } = await migrating();
    expect((await run("sync", "--until", "caught-up")).json).toMatchObject({ ended: "caught-up" });
    // All is verified, and nothing was changed in the source since.
    expect((await run("check")).json).toMatchObject({ ok: true, differences: 0 });
    expect(await other.tries("update accounts set balance = 0")).toMatch(/state=not-open source=\S*app\.db/);
    expect(
      await other.tries(
        TRICK(
          "update accounts set balance = 0 where id = 2; delete from accounts where id = 3; " +
            "insert into accounts values (77, 7)",
        ),
      ),
    ).toBeNull();
    const refused = await run("cutover");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('others could write to "public"."accounts" of the target');
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/DIFFERENCES[^]*accounts: 3 rows/);
    expect((await run("check")).json).toMatchObject({
      ok: false,
      differences: 3,
      tables: [
        {
          table: "accounts",
          examples: expect.arrayContaining([
            expect.objectContaining({ key: "2", what: "different" }),
            expect.objectContaining({ key: "3", what: "missing" }),
            expect.objectContaining({ key: "77", what: "extra" }),
          ]),
        },
        { table: "visits", differences: 0 },
      ],
    });
    expect((await run("check", "--repair")).json).toMatchObject({ ok: true, repaired: 3 });
    expect((await run("cutover")).json).toMatchObject({ ok: true, phase: "cut-over" });
    expect(await query(url, "select id::int, balance::int from accounts order by accounts.id")).toEqual([
      { id: 1, balance: 100 },
      { id: 2, balance: 200 },
      { id: 3, balance: 300 },
    ]);
    expect(env.CHANGEOVER_SOURCE).toBe(path);
    expect((await run("rollback", "--yes")).json).toMatchObject({ ok: true, phase: "returned" });
  });
});
