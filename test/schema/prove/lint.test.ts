import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadMigrations } from "../../../src/schema/migrate/load-migrations.ts";
import { readMigrationFiles } from "../../../src/schema/migrate/read-migration-files.ts";
import { renderMigration } from "../../../src/schema/migrate/render-migration.ts";
import { lint } from "../../../src/schema/prove/lint/lint.ts";
import type { Warning } from "../../../src/schema/prove/lint/warning.ts";
import { PROOF_CODES } from "../../../src/schema/prove/proof-code.ts";
import { project } from "../../support/migrations.ts";

interface Setting {
  /** Rows in production by table; without, nothing is known of it. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Files that production has. */
  readonly applied?: readonly string[];
  /** Tables that were seen to be written again. */
  readonly rewritten?: readonly string[];
  /** Whether whoever applies the files limits how long they wait for locks. */
  readonly lockTimeout?: boolean;
}

/** Looks at SQL files, given in order. */
async function warningsOf(
  files: readonly string[],
  { applied = [], lockTimeout = false, rewritten, sizes }: Setting = {},
): Promise<Warning[]> {
  const { directory } = project(
    Object.fromEntries([...applied, ...files].map((text, index) => [`000${index + 1}.sql`, text])),
  );
  const inputs = [];
  for (const [index, migration] of (await loadMigrations(readMigrationFiles(directory))).entries()) {
    inputs.push({
      migration,
      sql: await renderMigration(migration, "up"),
      pending: index >= applied.length,
      rewritten: rewritten ?? null,
    });
  }
  return lint(inputs, {
    sizes: sizes === undefined ? null : new Map(Object.entries(sizes)),
    large: 10_000,
    lockTimeout,
  });
}

/** The codes for one file that sets a lock_timeout. */
async function codesOf(sql: string, setting?: Setting): Promise<string[]> {
  return (await warningsOf([`set local lock_timeout = '2s';\n${sql}`], setting)).map(({ code }) => code);
}

/** All of these reach beyond the database in which they run. */
const SERVER_WIDE = [
  "alter database app set work_mem = '1GB'",
  "alter role a rename to b",
  "alter database app rename to b",
  "alter database app owner to b",
  "alter database app refresh collation version",
  "grant connect on database app to b",
  "revoke connect on database app from public",
  "grant create on tablespace fast to b",
  "grant set on parameter work_mem to b",
  "comment on role a is 'x'",
  "comment on database app is 'x'",
  "alter tablespace fast set (seq_page_cost = 1)",
  "reassign owned by a to b",
  "drop owned by a",
  "create subscription s connection 'host=other' publication p",
  "do $$ begin drop owned by a; end $$",
];

describe("a hazard in production", () => {
  const cases: readonly (readonly [sql: string, codes: readonly string[]])[] = [
    ["create index i on orders (at)", ["INDEX_BLOCKS_WRITES"]],
    ["create index concurrently i on orders (at)", []],
    ["reindex table orders", ["INDEX_BLOCKS_WRITES"]],
    ["reindex table concurrently orders", []],
    ["alter table orders add constraint u unique (code)", ["UNIQUE_BLOCKS_ALL"]],
    ["alter table orders add primary key (id)", ["UNIQUE_BLOCKS_ALL"]],
    ["alter table orders add constraint u unique using index i", []],
    ["alter table orders add foreign key (customer) references customers", ["FOREIGN_KEY_SCANS"]],
    ["alter table orders add constraint f foreign key (customer) references customers not valid", []],
    ["alter table orders validate constraint f", []],
    [
      "alter table orders add constraint f foreign key (customer) references customers not valid; alter table " +
        "orders validate constraint f",
      ["VALIDATED_UNDER_LOCK"],
    ],
    [
      "alter table orders add check (total > 0) not valid; alter table orders validate constraint orders_total_check",
      ["VALIDATED_UNDER_LOCK"],
    ],
    ["alter table orders add check (total > 0)", ["CHECK_SCANS"]],
    ["alter table orders add check (total > 0) not valid", []],
    ["alter table orders alter total set not null", ["NOT_NULL_SCANS"]],
    ["alter table orders add constraint n not null total", ["NOT_NULL_SCANS"]],
    ["alter table orders add constraint n not null total not valid", []],
    ["alter table orders add column note text", []],
    ["alter table orders add column note text not null default ''", []],
    ["alter table orders add column at timestamptz not null default now()", []],
    ["alter table orders add column note text not null", ["NOT_NULL_WITHOUT_DEFAULT"]],
    ["alter table orders add column id2 uuid default gen_random_uuid()", ["TABLE_REWRITE"]],
    ["alter table orders add column at timestamptz default clock_timestamp()", ["TABLE_REWRITE"]],
    ["alter table orders add column n bigserial", ["TABLE_REWRITE"]],
    ["alter table orders add column n integer generated always as identity", ["TABLE_REWRITE"]],
    ["alter table orders add column twice integer generated always as (total * 2) stored", ["TABLE_REWRITE"]],
    ["alter table orders add column twice integer generated always as (total * 2) virtual", []],
    ["alter table orders add column c integer check (c > 0)", ["CHECK_SCANS"]],
    ["alter table orders add column c integer references customers", ["FOREIGN_KEY_SCANS"]],
    ["alter table orders add column c integer unique", ["UNIQUE_BLOCKS_ALL"]],
    ["alter table orders alter total type bigint", ["TABLE_REWRITE"]],
    ["alter table orders set unlogged", ["TABLE_REWRITE"]],
    ["cluster orders using orders_pkey", ["TABLE_REWRITE"]],
    ["refresh materialized view totals", ["REFRESH_BLOCKS_READS"]],
    ["refresh materialized view concurrently totals", []],
    ["update orders set total = 0", ["WHOLE_TABLE_WRITTEN"]],
    ["update orders set total = 0 where id = 1", []],
    ["delete from orders", ["WHOLE_TABLE_WRITTEN"]],
    ["alter table orders rename to purchases", ["RENAME_BREAKS_QUERIES"]],
    ["alter table orders rename column total to amount", ["RENAME_BREAKS_QUERIES"]],
    ["alter table orders rename constraint a to b", []],
    ["drop table orders", ["DROPS_DATA"]],
    ["truncate orders, customers", ["DROPS_DATA", "DROPS_DATA"]],
    ["alter table orders drop column note", ["DROPS_DATA"]],
    ["create role reader", ["CLUSTER_WIDE"]],
    ...SERVER_WIDE.map((sql): [string, string[]] => [sql, ["CLUSTER_WIDE"]]),
    ["alter schema a rename to b; alter table customers owner to b; grant select on customers to b", []],
    ["do $$ begin execute format('grant connect on database %I to b', current_database()); end $$", []],
    ["create view v as select * from orders; comment on table orders is 'x'; insert into orders values (1)", []],
    ["create tabel x (y int)", ["SQL_UNREADABLE"]],
  ];
  for (const [sql, codes] of cases) {
    it(`${codes.length === 0 ? "is not" : "is"} ${sql}`, async () => {
      expect(await codesOf(sql)).toEqual(codes);
    });
  }

  it("exists only for existing tables: those of pending migrations are empty", async () => {
    expect(
      await warningsOf([
        "create table orders (id integer, c text)",
        "create index i on orders (c);\nalter table orders rename to purchases; alter table purchases alter c " +
          "set not null",
      ]),
    ).toEqual([]);
    expect(
      (
        await warningsOf(["create index i on orders (c)"], { applied: ["create table orders (id integer, c text)"] })
      ).map(({ code }) => code),
    ).toEqual(["INDEX_BLOCKS_WRITES", "NO_LOCK_TIMEOUT"]);
  });

  it("exists only for large tables, if their rows are known", async () => {
    expect(await codesOf("create index i on orders (c)", { sizes: { orders: 9_999 } })).toEqual([]);
    expect(await codesOf("create index i on orders (c)", { sizes: { orders: 10_000 } })).toEqual([
      "INDEX_BLOCKS_WRITES",
    ]);
    expect(await codesOf("create index i on shop.orders (c)", { sizes: { orders: 10_000 } })).toEqual([]);
    expect(await warningsOf(["create index i on public.orders (c)"], { sizes: { orders: 10_000 } })).toMatchObject([
      { object: "orders", rows: 10_000 },
      { code: "NO_LOCK_TIMEOUT" },
    ]);
  });

  it("is the loss of a few rows, but not of none", async () => {
    expect(await codesOf("drop table orders", { sizes: { orders: 3 } })).toEqual(["DROPS_DATA"]);
    expect(await codesOf("drop table orders", { sizes: { orders: 0 } })).toEqual([]);
  });

  it("is no longer SET NOT NULL after a valid CHECK in any file", async () => {
    const applied = ["alter table orders add constraint known check (total is not null) not valid"];
    const pending =
      "set local lock_timeout = '1s'; alter table orders validate constraint known; alter table orders alter " +
      "total set not null";
    expect(await warningsOf([pending], { applied })).toEqual([]);
    expect(
      (await warningsOf([pending.replace("alter total", "alter note")], { applied })).map(({ code }) => code),
    ).toEqual(["NOT_NULL_SCANS"]);
  });

  it("is a rewrite only if the trial run made one", async () => {
    expect(await codesOf("alter table orders alter code type varchar(20)", { rewritten: [] })).toEqual([]);
    expect(await codesOf("alter table orders alter code type varchar(20)", { rewritten: ["orders"] })).toEqual([
      "TABLE_REWRITE",
    ]);
    expect(
      await codesOf("do $$ begin execute 'alter table orders alter total type bigint'; end $$", {
        rewritten: ["orders"],
      }),
    ).toEqual(["TABLE_REWRITE"]);
  });
});

describe("a lock without lock_timeout", () => {
  it("is reported once for a file, with all tables", async () => {
    const warnings = await warningsOf([
      "-- Up Migration\n\nalter table a add x integer;\nalter table b add y integer;\ncreate table c (a " +
        "integer references d);\nalter table c add z integer;\n-- Down Migration\ndrop table e;",
    ]);
    expect(warnings).toMatchObject([{ code: "NO_LOCK_TIMEOUT", object: "a, b, d", line: 3 }]);
  });

  it("is no hazard if `changeover up` sets it, unless the file resets it", async () => {
    expect(await warningsOf(["alter table a add x integer"], { lockTimeout: true })).toEqual([]);
    for (const off of [
      "set local lock_timeout = 0",
      "set lock_timeout = '0s'",
      "reset lock_timeout",
      "set lock_timeout to default",
    ]) {
      expect(
        await warningsOf([`alter table a add x integer; ${off}; alter table b add x integer`], { lockTimeout: true }),
      ).toMatchObject([{ code: "NO_LOCK_TIMEOUT", object: "b" }]);
    }
  });

  it("is no hazard once it is set, nor for statements without such a lock", async () => {
    expect(
      await warningsOf([
        "set lock_timeout = '1s'; alter table a add x integer",
        "alter table a validate constraint c; create index concurrently i on a (x)",
      ]),
    ).toEqual([]);
  });
});

describe("a warning", () => {
  it("names the line of the statement, after comments and multi-byte characters", async () => {
    const warnings = await warningsOf([
      "-- Größe: ünïcödé\n-- Up Migration\nselect 'ä€😀';\n\n/* what\n follows */\ncreate index i\n  on orders (c);",
    ]);
    expect(warnings.map(({ line }) => line)).toEqual([7, 7]);
  });

  it("is omitted if a comment in the file allows it", async () => {
    expect(await codesOf("-- changeover: allow INDEX_BLOCKS_WRITES\ncreate index i on orders (c)")).toEqual([]);
    expect(
      await codesOf(
        "-- changeover: allow INDEX_BLOCKS_WRITES orders\ncreate index i on orders (c); create index j on items (c)",
      ),
    ).toEqual(["INDEX_BLOCKS_WRITES"]);
  });

  it("cannot be allowed by an unknown code, which is an error", async () => {
    await expect(
      codesOf("-- changeover: allow INDEX_BLOCKS_WRITE\ncreate index i on orders (c)"),
    ).rejects.toMatchObject({ code: "ALLOW_UNKNOWN" });
  });
});

it("docs/guides/prove.md explains each code", () => {
  const page = readFileSync(new URL("../../../docs/guides/prove.md", import.meta.url), "utf8");
  for (const code of PROOF_CODES) expect(page).toContain(`\`${code}\``);
});
