import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  dropFailbackTriggers,
  forgetLogs,
  prepareFailbackCapture,
} from "../../src/failback/capture/enable-failback.ts";
import { renderGate, renderRowidDefaults } from "../../src/failback/capture/render-enabling.ts";
import { countChanges } from "../../src/failback/capture/target-changes.ts";
import { ROWID_COLUMN, type TableMapping } from "../../src/model/mapping.ts";
import { openTarget, type Target, type TargetSession } from "../../src/target/target.ts";
import { superuser } from "../support/superuser.ts";
import { emptyTarget } from "../support/target.ts";

function table(id: number, name: string): TableMapping {
  const column = {
    source: "id",
    target: "id",
    affinity: "integer",
    collation: "BINARY",
    conversion: { kind: "integer", type: "bigint" },
  } as const;
  return {
    id,
    source: name,
    target: { schema: "public", name },
    identity: { kind: "columns", columns: ["id"] },
    columns: [column],
  };
}

const HEAP: TableMapping = { ...table(3, "heap"), identity: { kind: "rowid", rowidName: "rowid" } };
const TABLES = [table(1, "watched"), table(2, "audited"), HEAP];
const BARE = "bare";
const COLUMNS = "(id bigint primary key, name text, n int default 0)";

/** What the application does to a table, and to one that we never touched. */
const EACH = ["watched", BARE] as const;

let url: string;
let target: Target;
let session: TargetSession;
/** Sessions of the application's database, as its superuser: for what an owner may not do. */
let privileged: TargetSession;
let asSuperuser: Target;

const ROLE = `app_${process.pid}`;

async function begin(): Promise<void> {
  await prepareFailbackCapture(session, TABLES);
  await session.run([renderGate(session, { isEnabled: true }), ...renderRowidDefaults(session, TABLES)].join(";"));
}

/** As `complete` does. */
async function end(): Promise<void> {
  for (const mapping of TABLES) await session.run(dropFailbackTriggers(mapping));
  await forgetLogs(session, TABLES);
}

async function counters(name: string): Promise<unknown> {
  await session.run("select pg_stat_force_next_flush()");
  const [row] = await session.rows(
    `select n_tup_ins::text as ins, n_tup_upd::text as upd, n_tup_hot_upd::text as hot, n_tup_del::text as del
     from pg_stat_user_tables where relname = '${name}'`,
  );
  return row;
}

async function onEach<T>(act: (name: string) => Promise<T>): Promise<[T, T]> {
  return [await act(EACH[0]), await act(EACH[1])];
}

beforeAll(async () => {
  ({ session, target, url } = await emptyTarget(
    `create schema changeover; create table watched${COLUMNS}; create table bare${COLUMNS};
     create table audited${COLUMNS}; create table heap(id bigint, ${ROWID_COLUMN} bigint unique);
     create table audit(what text);
     create function audit() returns trigger language plpgsql as
       'begin insert into audit values (tg_op); return null; end';
     create trigger own after insert on audited for each row execute function audit();
     alter default privileges revoke execute on functions from public`,
  ));
  await begin();
  const own = new URL(await superuser());
  own.pathname = new URL(url).pathname;
  asSuperuser = openTarget({ url: own.href });
  privileged = await asSuperuser.session();
});

afterAll(async () => {
  await end();
  await asSuperuser.close();
  await target.close();
});

describe("after the switch, the application sees", () => {
  it("one xmin, its transaction's own, on all that it wrote", async () => {
    const answers = await onEach((name) =>
      session.transaction(async (tx) => {
        await tx.run(`insert into ${name}(id, name) values (1, 'a'); update ${name} set n = 1 where id = 1`);
        return tx.rows(
          `select xmin::text = (txid_current() % (2^32)::bigint)::text as own, xmax::text as xmax from ${name} ` +
            "where id = 1",
        );
      }),
    );
    expect(answers[0]).toEqual([{ own: true, xmax: "0" }]);
    expect(answers[0]).toEqual(answers[1]);
  });

  it("what RETURNING, ON CONFLICT and row counts say, also in statements that change no row", async () => {
    const [watched, bare] = await onEach(async (name) => [
      await session.rows(
        `insert into ${name} values (2, 'b', 0) on conflict (id) do update set n = ${name}.n + 1 returning id::text, n`,
      ),
      await session.rows(`update ${name} set n = n + 1 where id in (1, 2) returning id::text, n`),
      await session.rows(`delete from ${name} where id = 77 returning id`),
      await session.rows(
        `with gone as (delete from ${name} where id = 2 returning *) select count(*)::int as n from gone`,
      ),
    ]);
    expect(watched).toEqual(bare);
  });

  it("the counters of pg_stat, and no other table of its schemas in them", async () => {
    const [watched, bare] = await onEach(counters);
    expect(watched).toEqual(bare);
    expect(
      await session.rows(
        "select relname from pg_stat_user_tables where schemaname <> 'changeover' and relname like '%changeover%'",
      ),
    ).toEqual([]);
  });

  it("its own columns by SELECT *, and as many fields in a COPY, both ways", async () => {
    await session.run("delete from watched; delete from bare");
    const [watched, bare] = await onEach(async (name) => {
      const copy = await session.copyIn(`copy ${name} from stdin`);
      await copy.write(Buffer.from("7\tseven\t7\n8\t\\N\t8\n"));
      await copy.finish();
      return session.rows(`select * from ${name} order by id`);
    });
    expect(watched).toEqual([
      { id: "7", name: "seven", n: 7 },
      { id: "8", name: null, n: 8 },
    ]);
    expect(watched).toEqual(bare);
  });

  it("no lock of ours among those that its transaction holds, and may take each advisory lock", async () => {
    await session.transaction(async (tx) => {
      await tx.run("update watched set n = n + 1");
      const locks = await tx.rows<{ mode: string }>(
        `select mode from pg_locks where pid = pg_backend_pid() and granted and
         (locktype = 'advisory' or mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
           'AccessExclusiveLock'))
         and locktype not in ('virtualxid', 'transactionid')`,
      );
      expect(locks).toEqual([]);
      expect(
        await tx.rows("select pg_try_advisory_xact_lock(1) as one, pg_try_advisory_xact_lock(1, 1) as two"),
      ).toEqual([{ one: true, two: true }]);
    });
  });

  it("no conflict of serializable transactions that has nothing to do with its own rows", async () => {
    const other = openTarget({ url });
    const second = await other.session();
    const begin = "begin isolation level serializable";
    await session.run(`${begin}; select n from watched where id = 7; update watched set n = 1 where id = 7`);
    await second.run(`${begin}; select n from watched where id = 8; update watched set n = 2 where id = 8`);
    await session.run("commit");
    await second.run("commit");
    await other.close();
  });

  it("its own trigger fire once, and a session that plays a replica fire none; ours logs both", async () => {
    const before = await countChanges(session, TABLES);
    await session.run("insert into audited(id) values (1)");
    await privileged.run("set session_replication_role = replica; insert into audited(id) values (2)");
    await privileged.run("set session_replication_role = origin");
    expect(await session.rows("select what from audit")).toEqual([{ what: "INSERT" }]);
    expect((await countChanges(session, TABLES)) - before).toBe(2);
  });

  it("its statement that was prepared before, with the same columns", async () => {
    const other = openTarget({ url });
    const second = await other.session();
    await second.run(
      "prepare all_of as select * from watched where id = 7; prepare bump as update watched set n = n + 1",
    );
    const before = await second.rows("execute all_of");
    await end();
    expect(await second.rows("execute all_of")).toEqual(before);
    await begin();
    await second.run("execute bump");
    expect(Object.keys((await second.rows("execute all_of"))[0] ?? {})).toEqual(["id", "name", "n"]);
    await other.close();
  });
});

describe("whoever may write to a table", () => {
  it("still may, where new functions are for nobody but their owner, and sees nothing of the log", async () => {
    await privileged.run(
      `create role ${ROLE}; grant insert, update, delete, select on watched, heap to ${ROLE}; set role ${ROLE}`,
    );
    await privileged.run("insert into watched(id) values (100); update watched set n = 5 where id = 100");
    await privileged.run("delete from watched where id = 100; insert into heap(id) values (1)");
    await expect(privileged.rows("select * from changeover.failback_1")).rejects.toThrow(/permission denied/);
    await privileged.run(`reset role; drop owned by ${ROLE}; drop role ${ROLE}`);
  });
});
