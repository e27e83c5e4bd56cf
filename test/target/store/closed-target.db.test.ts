import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { prepareRunStore } from "../../../src/schema/migrate/prepare-run-store.ts";
import {
  closeTarget,
  isTargetClosed,
  openClosedTarget,
  refuseBrokenFence,
} from "../../../src/target/store/closed-target.ts";
import { createRun } from "../../../src/target/store/run-store.ts";
import { renderTargetFenceDrop } from "../../../src/target/target-fence-triggers.ts";
import { type Stranger, stranger } from "../../support/stranger.ts";
import { superuser } from "../../support/superuser.ts";
import { emptyTarget } from "../../support/target.ts";

const RUN = "00000000-0000-0000-0000-000000000001";
const TABLES = `
  create table plain(id bigint primary key, n bigint);
  create table bare(n bigint);
  create table parted(id bigint, n bigint) partition by range (id);
  create table parted_low partition of parted for values from (0) to (100);
  create table heir() inherits (plain);
  create table above(id bigint, n bigint) partition by range (id);
  create table beneath partition of above for values from (0) to (100);
  create table upper_part partition of above for values from (100) to (200);
  create view seen as select id, n from plain;
  insert into plain values (1, 1); insert into bare values (1); insert into parted values (1, 1); insert into above
    values (1, 1);
`;

async function closed(statements = TABLES, names: readonly string[] = ["plain", "bare", "parted", "beneath"]) {
  const { url, session, target } = await emptyTarget(statements);
  onTestFinished(() => target.close());
  await prepareRunStore(session, url);
  await createRun(session, {
    id: RUN,
    source: "app.db",
    sourceIdentity: { kind: "server", url: "x" },
    captured: true,
    mappings: [],
    rows: new Map(),
  });
  const tables = names.map((name) => ({ schema: "public", name }));
  const options = { run: RUN, tables };
  const close = () => session.transaction((tx) => closeTarget(tx, { ...options, source: "/srv/app.db" }));
  const open = () => session.transaction((tx) => openClosedTarget(tx, options));
  expect(await close()).toEqual({ kind: "closed" });
  return { url, session, options, close, open, other: await stranger(url) };
}

/** The superuser of the server, at this database. */
async function asSuperuser(url: string): Promise<Stranger> {
  const all = new URL(await superuser());
  all.pathname = new URL(url).pathname;
  return stranger(all.href);
}

const WRITES = [
  "insert into plain values (2, 2)",
  "insert into plain values (1, 2) on conflict (id) do update set n = 3",
  "update plain set n = 2 where id = 77",
  "delete from plain",
  "truncate plain",
  "merge into plain p using (values (1)) v(id) on p.id = v.id when matched then update set n = 5",
  "with w as (insert into plain values (3, 3) returning id) select * from w",
  "update seen set n = 9",
  "insert into bare values (2)",
  "insert into parted values (2, 2)",
  "insert into parted_low values (2, 2)",
  "delete from parted_low",
  "truncate parted",
  "insert into heir values (9, 9)",
  "insert into beneath values (2, 2)",
  "insert into above values (2, 2)",
  "update above set n = 4 where id = 1",
  "begin isolation level serializable; select count(*) from plain; insert into plain values (4, 4)",
];

describe("a target that is not open yet", () => {
  it("refuses all writes of others, names the source, and accepts ours", async () => {
    const { other, session } = await closed();
    for (const statement of WRITES)
      expect(await other.tries(statement), statement).toMatch(
        /^CHANGEOVER_FENCED state=not-open source=\/srv\/app\.db: .*no writes before the cutover.*after the cutover/,
      );
    expect(await other.tries("insert into plain values (2, 2)")).not.toContain("changeover.session");
    // What it is not: it refuses no reading, and no write to what is no part of the run.
    expect(await other.tries("insert into upper_part values (150, 1); insert into above values (151, 1)")).toBeNull();
    expect(await other.rows("select count(*)::int as n from plain")).toEqual([{ n: 1 }]);
    for (const statement of WRITES) await session.run(statement.replace("begin isolation level serializable; ", ""));
  });

  it("refuses COPY, and the writes of a role that may only write, of a superuser and of a replica", async () => {
    const { other, url } = await closed();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { from } = await import("pg-copy-streams");
    const stream = client.query(from("copy plain from stdin"));
    const failed = new Promise<string>((resolve) => stream.on("error", (error: Error) => resolve(error.message)));
    stream.end("7\t7\n");
    expect(await failed).toContain("CHANGEOVER_FENCED state=not-open");
    await client.end();
    const root = await asSuperuser(url);
    expect(await root.tries("delete from plain")).toContain("state=not-open");
    expect(await root.tries("set session_replication_role = replica; delete from plain")).toContain("state=not-open");
    await root.tries("set session_replication_role = default");
    const role = `clerk_${Date.now()}`;
    await root.tries(`create role ${role}; grant insert on plain to ${role}`);
    expect(await root.tries(`set role ${role}; insert into plain values (8, 8)`)).toContain("state=not-open");
    await root.tries(`reset role; drop owned by ${role}; drop role ${role}`);
    expect(await other.rows("select count(*)::int as n from plain")).toEqual([{ n: 1 }]);
  });

  it("waits for a running write, so that none is missed", async () => {
    const { url, session, target } = await emptyTarget("create table plain(id bigint primary key)");
    onTestFinished(() => target.close());
    await prepareRunStore(session, url);
    await createRun(session, {
      id: RUN,
      source: "app.db",
      sourceIdentity: { kind: "server", url: "x" },
      captured: true,
      mappings: [],
      rows: new Map(),
    });
    const early = new pg.Client({ connectionString: url });
    await early.connect();
    await early.query("begin; insert into plain values (1)");
    let isClosed = false;
    const closing = session
      .transaction((tx) =>
        closeTarget(tx, { run: RUN, tables: [{ schema: "public", name: "plain" }], source: "app.db" }),
      )
      .then(() => {
        isClosed = true;
      });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isClosed).toBe(false);
    await early.query("commit");
    await closing;
    await expect(early.query("insert into plain values (2)")).rejects.toThrow(/state=not-open/);
    await early.end();
  });

  it("detects that others could write, even if they restored the triggers", async () => {
    const evils = [
      "begin; alter table plain disable trigger all; " +
        "update plain set n = 66; alter table plain enable trigger all; commit",
      `begin; alter table plain disable trigger "_changeover_fence"; ` +
        `update plain set n = 66; alter table plain enable always trigger "_changeover_fence"; commit`,
      `drop trigger "_changeover_fence" on parted_low; insert into parted_low values (5, 5)`,
      "create table parted_high partition of parted for values from (100) to (200); insert into parted_high " +
        "values (150, 1)",
      "create table another() inherits (plain); insert into another values (150, 1)",
      "create or replace function changeover.refuse_write() returns trigger language plpgsql as 'begin return " +
        "null; end'; delete from plain",
      "drop table bare; create table bare(n bigint)",
    ];
    const { close, open, options, other, session } = await closed();
    for (const evil of evils) {
      await refuseBrokenFence(session, options);
      expect(await close()).toEqual({ kind: "unbroken" });
      expect(await other.tries(evil), evil).toBeNull();
      await expect(open(), evil).rejects.toMatchObject({ code: "TARGET_FENCE_BROKEN" });
      const found = await close();
      expect(found, evil).toMatchObject({ kind: "broken" });
      // A table made in place of a dropped one is named as well.
      expect(found.kind === "broken" && found.tables.length, evil).toBe(evil.startsWith("drop table") ? 2 : 1);
      expect(await other.tries("delete from plain"), evil).toContain("state=not-open");
    }
    await open();
  });

  it("names the table whose trigger was changed", async () => {
    const { open, other } = await closed();
    await other.tries(`alter table bare disable trigger user`);
    await expect(open()).rejects.toThrow(/others could write to "public"."bare" of the target/);
  });

  it("refuses tables that receive rows by logical replication", async () => {
    const { close, open, options, session, url } = await closed();
    const root = await asSuperuser(url);
    const subscribe =
      "set allow_system_table_mods = on; insert into pg_subscription_rel(srsubid, srrelid, srsubstate) " +
      "values (1, 'plain'::regclass, 'r')";
    expect(await root.tries(subscribe)).toBeNull();
    await expect(close()).rejects.toMatchObject({ code: "TARGET_SUBSCRIBED" });
    await expect(open()).rejects.toMatchObject({ code: "TARGET_SUBSCRIBED" });
    expect(await isTargetClosed(session, options.run)).toBe(true);
    await root.tries("delete from pg_subscription_rel");
  });

  it("opens all tables by one statement at the commit; its open triggers are dropped wherever they are", async () => {
    const { open, options, other, session } = await closed();
    await session.run("begin");
    await openClosedTarget(session, options);
    expect(await other.tries("update plain set n = 2")).toContain("state=not-open");
    await session.run("rollback");
    await open();
    expect(await isTargetClosed(session, options.run)).toBe(false);
    for (const statement of WRITES.slice(0, 3)) expect(await other.tries(statement), statement).toBeNull();
    expect(await other.tries("insert into above values (3, 3); insert into beneath values (4, 4)")).toBeNull();
    await session.run("alter table parted detach partition parted_low");
    for (const statement of await renderTargetFenceDrop(session)) await session.run(statement);
    expect(await session.rows("select tgname from pg_trigger where tgname like '\\_changeover%'")).toEqual([]);
  });
});
