import type { FindingCode } from "../../src/model/finding-code.ts";
import type { Rules } from "../../src/model/rules.ts";

/** A database that brings a finding about. */
export interface HintCase {
  readonly source: string;
  /** SQL for the target beforehand. */
  readonly target?: string;
  /** Rules and settings that someone has already. */
  readonly rules?: Rules;
  readonly types?: "enhanced";
  readonly names?: "snake_case";
  /** What the hint says to do in the target, once it is open. */
  readonly after?: string;
}

const T = "CREATE TABLE t(id INTEGER PRIMARY KEY, x";
const KNEX = "CREATE TABLE knex_migrations(id INTEGER PRIMARY KEY, name TEXT, batch INTEGER, migration_time DATETIME)";
const OFF = "PRAGMA foreign_keys = OFF;";
const MANY = (value: string) => Array.from({ length: 40 }, (_, index) => `(${index + 10}, ${value})`).join(", ");
const APPLICATION = (table: string, sql: string) =>
  `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '${sql.replaceAll("'", "''")}' WHERE name = ` +
  `'${table}'; PRAGMA writable_schema = RESET`;

/** For each code the cases, or why a database alone does not bring it about and which test does. */
export const FIRST_HINT_CASES: Readonly<Record<FindingCode, readonly HintCase[] | string>> = {
  MIXED_STORAGE: [{ source: `${T}); INSERT INTO t VALUES (1, 1), (2, x'00'), (3, 'a')` }],
  TEXT_IN_BLOB: [{ source: `${T} BLOB); INSERT INTO t VALUES (1, x'00'), (2, 'a')` }],
  TEXT_IN_NUMBER: [{ source: `${T} INTEGER); INSERT INTO t VALUES (1, 'a')` }],
  EMPTY_TEXT: [{ source: `${T} INTEGER); INSERT INTO t VALUES (1, ''), (2, 5)` }],
  NUL_IN_TEXT: [{ source: `${T}); INSERT INTO t VALUES (1, 1), (2, 'a' || char(0) || 'b')` }],
  INVALID_UTF8: [{ source: `${T}); INSERT INTO t VALUES (1, 1), (2, CAST(x'ff' AS TEXT))` }],
  VARCHAR_LENGTH_EXCEEDED: [{ source: `${T} VARCHAR(2)); INSERT INTO t VALUES (1, 'abc'), (2, 'a')` }],
  INFINITE: [{ source: `${T} REAL); INSERT INTO t VALUES (1, 9e999), (2, 1.5)` }],
  INVALID_BOOLEAN: [{ source: `${T} BOOLEAN); INSERT INTO t VALUES (1, 1), (2, 7)` }],
  NUMERIC_SCALE_EXCEEDED: [{ source: `${T} DECIMAL(4,1)); INSERT INTO t VALUES (1, 1.25), (2, 1)` }],
  DATE_AS_TEXT: [{ source: `${T} DATE); INSERT INTO t VALUES (1, '2024-01-31'), (2, '1/2/2024')` }],
  DATE_AS_NUMBER: [
    {
      source: `${T} DATETIME); INSERT INTO t VALUES (1, 757382400)`,
      target: "create table t(id bigint primary key, x timestamptz)",
    },
    { source: `${T} DATETIME); INSERT INTO t VALUES (1, 757382400)` },
  ],
  INVALID_TIME: [{ source: `${T} TIME); INSERT INTO t VALUES (1, 'noon'), ${MANY("'10:00:00'")}`, types: "enhanced" }],
  INVALID_JSON: [{ source: `${T} JSON); INSERT INTO t VALUES (1, 'x'), ${MANY("'{}'")}`, types: "enhanced" }],
  JSON_ESCAPES: [
    { source: `${T} JSON); INSERT INTO t VALUES (1, '{"a":"\\u0000"}'), ${MANY("'{}'")}`, types: "enhanced" },
  ],
  INVALID_UUID: [
    {
      source: `${T} UUID); INSERT INTO t VALUES (1, 'none'), ${MANY("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")}`,
      types: "enhanced",
    },
  ],
  INVALID_INET: [{ source: `${T} INET); INSERT INTO t VALUES (1, 'none'), ${MANY("'10.0.0.1'")}`, types: "enhanced" }],
  VALUE_NOT_CONVERTIBLE: [
    {
      source: `${T} INTEGER); INSERT INTO t VALUES (1, 70000), (2, 7)`,
      target: "create table t(id bigint primary key, x smallint)",
    },
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'red'), (2, 'green')`,
      target: "create type color as enum ('red'); create table t(id bigint primary key, x color)",
    },
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, '$1.50'), (2, '$1.234')`,
      target: "create table t(id bigint primary key, x money)",
    },
    {
      source: `${T} REAL); INSERT INTO t VALUES (1, 1.5), (2, 0.123456789)`,
      target: "create table t(id bigint primary key, x real)",
    },
    {
      source: `${T} DATETIME); INSERT INTO t VALUES (1, 13353760800000000)`,
      target: "create table t(id bigint primary key, x timestamptz)",
    },
  ],
  NO_KEY: [{ source: "CREATE TABLE t(x); INSERT INTO t VALUES (1)" }],
  NO_ROW_IDENTITY: [
    {
      source:
        "CREATE TABLE t(rowid, oid, _rowid_); INSERT INTO t VALUES (1, 2, 3); CREATE TABLE u(id INTEGER PRIMARY KEY)",
    },
  ],
  NULL_IN_KEY: [{ source: "CREATE TABLE t(x TEXT PRIMARY KEY); INSERT INTO t VALUES (NULL), ('a')" }],
  KEY_WITHOUT_DEFAULT: [{ source: "CREATE TABLE t(x INT PRIMARY KEY); INSERT INTO t VALUES (1)" }],
  KEY_COLLISION: [
    {
      source:
        "CREATE TABLE t(x PRIMARY KEY NOT NULL); INSERT INTO t VALUES (1), ('1'); CREATE TABLE u(id INTEGER " +
        "PRIMARY KEY)",
    },
  ],
  FOREIGN_KEY_VIOLATED: [{ source: `${OFF} ${T} INTEGER REFERENCES t); INSERT INTO t VALUES (1, 9)` }],
  CHECK_VIOLATED: [
    {
      source: `${T} INTEGER CHECK (x > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES (1, -9)`,
      after: "update t set x = 9; alter table t validate constraint t_check",
    },
  ],
  FOREIGN_KEY_NOCASE: [
    {
      source:
        "CREATE TABLE p(x TEXT COLLATE NOCASE PRIMARY KEY); CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT " +
        "REFERENCES p); INSERT INTO p VALUES ('a'); INSERT INTO t VALUES (1, 'A')",
      after: "update t set x = 'a'; alter table t validate constraint t_x_fkey",
    },
  ],
  FOREIGN_KEY_TYPES: [
    {
      source:
        `${OFF} CREATE TABLE p(id INTEGER PRIMARY KEY); ${T} TEXT REFERENCES p); INSERT INTO p VALUES (1); ` +
        "INSERT INTO t VALUES (1, '1')",
    },
  ],
  FOREIGN_KEY_NOT_TRANSLATED: [{ source: `${OFF} ${T} INTEGER REFERENCES nowhere); INSERT INTO t VALUES (1, 9)` }],
  FOREIGN_KEY_UNCHECKED: [
    {
      source:
        `CREATE TABLE p(id INTEGER PRIMARY KEY, x TEXT); CREATE UNIQUE INDEX u ON p(x); ${T} TEXT REFERENCES ` +
        "p(x)); INSERT INTO p VALUES (1, 'a'); INSERT INTO t VALUES (1, 'a'); " +
        `${APPLICATION("p", "CREATE TABLE p(id INTEGER PRIMARY KEY, x TEXT COLLATE application)")}`,
      after: "alter table t validate constraint t_x_fkey",
    },
  ],
  NOCASE_UNIQUE: [{ source: `${T} TEXT COLLATE NOCASE UNIQUE); INSERT INTO t VALUES (1, 'a')` }],
  NAME_CHANGED: [{ source: 'CREATE TABLE t(id INTEGER PRIMARY KEY, "ctid" TEXT); INSERT INTO t VALUES (1, 2)' }],
  LONG_NAME_TRUNCATED: [
    { source: `CREATE TABLE t(id INTEGER PRIMARY KEY, ${"x".repeat(70)} TEXT); INSERT INTO t VALUES (1, 2)` },
  ],
  NAME_COLLISION: [
    { source: "CREATE TABLE t(id INTEGER PRIMARY KEY, aB, a_b); INSERT INTO t VALUES (1, 2, 3)", names: "snake_case" },
  ],
  TOO_MANY_COLUMNS: [
    {
      source:
        `CREATE TABLE t(${Array.from({ length: 1601 }, (_, index) => `c${index}`).join(", ")}); ` +
        "CREATE TABLE u(id INTEGER PRIMARY KEY)",
    },
  ],
  INDEX_TOO_WIDE: [
    {
      source:
        `${T} TEXT UNIQUE, y TEXT); CREATE INDEX i ON t(y); INSERT INTO t SELECT 1, hex(randomblob(5000)), ` +
        "hex(randomblob(5000))",
      after: "create index by_hash on t (md5(y))",
    },
  ],
  DEFAULT_NOT_TRANSLATED: [{ source: `${T} DEFAULT (hex(changes()))); INSERT INTO t VALUES (1, 'a')` }],
  GENERATED_AS_PLAIN: [{ source: `${T} AS (printf('%5.2f', id))); INSERT INTO t(id) VALUES (1)` }],
  CHECK_NOT_TRANSLATED: [{ source: `${T} CHECK (x GLOB x)); INSERT INTO t VALUES (1, 'a')` }],
  CHECK_BY_TYPE: [{ source: `${T} DATE CHECK (x = date(x))); INSERT INTO t VALUES (1, '2024-01-31')` }],
  CHECK_ADDED: [
    {
      source:
        `${T} DATETIME); INSERT INTO t VALUES (1, '31.1.2024'), (2, 'soon'); CREATE VIEW v AS SELECT id FROM t ` +
        "WHERE x > 'b'",
    },
  ],
  INDEX_NOT_TRANSLATED: [{ source: `${T}); CREATE INDEX i ON t(quote(x)); INSERT INTO t VALUES (1, 'a')` }],
  UNIQUE_NOT_TRANSLATED: [{ source: `${T} TEXT); CREATE UNIQUE INDEX u ON t(unicode(x) || quote(x))` }],
  TRIGGER_NOT_TRANSLATED: [{ source: `${T}); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END` }],
  VIEW_NOT_TRANSLATED: [{ source: `${T}); CREATE VIEW v AS SELECT quote(x) FROM t` }],
  VIRTUAL_TABLE: [
    { source: `${T}); CREATE VIRTUAL TABLE f USING fts5(x); CREATE VIRTUAL TABLE v USING fts5vocab(f, 'row')` },
  ],
  VIRTUAL_TABLE_MOVED: [
    {
      source: "CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('a')",
      after: "select 1 from f where to_tsvector('simple', coalesce(x, '')) @@ websearch_to_tsquery('simple', 'a')",
    },
  ],
  TABLE_UNREADABLE: [
    {
      source:
        "CREATE TABLE u(id INTEGER PRIMARY KEY); CREATE TABLE t(x TEXT PRIMARY KEY) WITHOUT ROWID; " +
        `${APPLICATION("t", "CREATE TABLE t(x TEXT COLLATE application PRIMARY KEY) WITHOUT ROWID")}`,
    },
  ],
  COLUMN_UNREADABLE: [
    {
      source:
        `${T} AS (1)); INSERT INTO t(id) VALUES (1); ` +
        `${APPLICATION("t", "CREATE TABLE t(id INTEGER PRIMARY KEY, x AS (ofTheApplication(id)))")}`,
    },
  ],
  COLLATION_UNKNOWN: [
    {
      source:
        `${T} TEXT); INSERT INTO t VALUES (1, 'a'); ` +
        `${APPLICATION("t", "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT COLLATE application)")}`,
    },
  ],
  COLLATION_CHANGED: [
    {
      source: `${T} TEXT COLLATE NOCASE); INSERT INTO t VALUES (1, 'a')`,
      after:
        "create index on t (lower(x)); create collation nocase (provider = icu, locale = 'und-u-ks-level2', " +
        "deterministic = false)",
    },
  ],
  ON_CONFLICT_NOT_TRANSLATED: [
    {
      source: `${T} TEXT UNIQUE ON CONFLICT IGNORE); INSERT INTO t VALUES (1, 'a')`,
      after: "insert into t values (2, 'a') on conflict (x) do nothing",
    },
  ],
  EXCLUDED: [
    {
      source: `${T}, y); INSERT INTO t VALUES (1, 2, 3)`,
      rules: { tables: { t: { columns: { y: { exclude: true } } } } },
    },
  ],
  TOOL_MIGRATIONS: [
    {
      source: `${T}); ${KNEX}`,
      target: "create table t(id bigint primary key, x text)",
    },
  ],
  TOOL_MIGRATIONS_NOT_TRANSLATED: [
    {
      source: `${T}); ${KNEX}; ` + "INSERT INTO knex_migrations VALUES (1, 'a', 1, '2024-01-31 10:00:00')",
      target:
        "create table knex_migrations(id serial primary key, name text, batch integer, migration_time " +
        "timestamptz); insert into knex_migrations values (1, 'b', 1, now()); create table t(id bigint primary " +
        "key, x text)",
    },
  ],
  TARGET_TOOL_MIGRATIONS: [
    {
      source: `${T})`,
      target:
        "create table t(id bigint primary key, x text); create table knex_migrations(id serial primary key, name " +
        "text, batch integer, migration_time timestamptz); insert into knex_migrations values (1, 'a', 1, now())",
    },
  ],
  SOURCE_JOURNAL: [{ source: `PRAGMA journal_mode = DELETE; ${T})` }],
  SOURCE_BUSY_SNAPSHOT: [{ source: `${T}); ${KNEX}`, target: "create table t(id bigint primary key, x text)" }],
  SOURCE_DAMAGED: "needs a file that is damaged: test/contract/damage.test.ts",
  TARGET_VERSION: "needs a server older than 14: test/contract/contract.db.test.ts",
  TARGET_ENCODING:
    "needs a database of another encoding, which no statement changes: test/contract/contract.db.test.ts",
  TARGET_ROLE_NAME:
    "the hint is for the role itself, and changes nothing of the run: test/contract/contract.db.test.ts",
  TARGET_CONNECTIONS: "needs a role or server with few connections: test/contract/contract.db.test.ts",
  TARGET_LOCKS:
    "needs a server with few locks, and the hint is for its administrator: test/contract/contract.db.test.ts",
  TARGET_READ_ONLY: "needs a server that takes no writes: test/contract/contract.db.test.ts",
  TARGET_STANDBY:
    "needs a server that waits for a standby, which all other tests would wait for: test/contract/contract.db.test.ts",
  TARGET_PRIVILEGE:
    "needs a role that owns nothing, and what it says is for another role to do: test/contract/contract.db.test.ts",
  TARGET_SPACE: [{ source: `${T}); INSERT INTO t VALUES (1, 2)` }],
  EXTENSION_MISSING:
    "needs a server without an extension, and what it says is for its administrator: test/contract/contract.db.test.ts",
  MIGRATIONS_PENDING: "is found once files are written, which `full` applies itself: test/contract/contract.db.test.ts",
  TARGET_TABLE_MISSING: [
    { source: `${T}); CREATE TABLE u(id INTEGER PRIMARY KEY)`, target: "create table u(id bigint primary key)" },
  ],
  TARGET_NOT_EMPTY: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text); insert into t values (9, 'seed')",
    },
  ],
  SEEDED_ROWS: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text); insert into t values (1, 'a')",
      rules: { seeded: "merge" },
    },
  ],
  SEEDED_ROWS_DIFFER: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text); insert into t values (9, 'seed')",
      rules: { seeded: "merge" },
    },
  ],
  TARGET_ROW_SECURITY: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text); alter table t enable row level security",
    },
  ],
  TARGET_TRIGGERS: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target:
        "create table t(id bigint primary key, x text); create function f() returns trigger language plpgsql as " +
        "'begin return new; end'; create trigger r before insert on t for each row execute function f()",
    },
  ],
  TARGET_CHECKS: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text check (length(x) < 3))",
    },
  ],
  TARGET_CHECK_REFUSES: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'abc')`,
      target: "create table t(id bigint primary key, x text check (length(x) < 3))",
    },
  ],
  TARGET_COLUMN_MISSING: [
    { source: `${T} TEXT); INSERT INTO t VALUES (1, 'abc')`, target: "create table t(id bigint primary key)" },
  ],
  TARGET_COLUMN_REQUIRED: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: 'create table t(id bigint primary key, x text, "Y" text not null)',
    },
  ],
  TARGET_GENERATED: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text generated always as ('a') stored)",
    },
  ],
  TARGET_NOT_NULL: [
    {
      source: `${T} TEXT); INSERT INTO t VALUES (1, NULL)`,
      target: "create table t(id bigint primary key, x text not null)",
    },
  ],
  TARGET_UNIQUE_MISSING: [
    {
      source: `${T} TEXT UNIQUE); INSERT INTO t VALUES (1, 'a')`,
      target: "create table t(id bigint primary key, x text)",
    },
  ],
  TARGET_INDEX_MISSING: [
    { source: `${T} TEXT); CREATE INDEX i ON t(x)`, target: "create table t(id bigint primary key, x text)" },
  ],
  TARGET_FOREIGN_KEY_MISSING: [
    { source: `${T} INTEGER REFERENCES t)`, target: "create table t(id bigint primary key, x bigint)" },
  ],
  TARGET_CHECK_MISSING: [
    { source: `${T} INTEGER CHECK (x > 0))`, target: "create table t(id bigint primary key, x bigint)" },
  ],
  TARGET_DEFAULT_MISSING: [
    {
      source: `${T} INTEGER DEFAULT 5)`,
      target: "create table t(id bigint primary key, x bigint)",
      after: "alter table t alter column x set default 5",
    },
  ],
  TARGET_NOT_NULL_MISSING: [
    {
      source: `${T} INTEGER NOT NULL)`,
      target: "create table t(id bigint primary key, x bigint)",
      after: "alter table t alter column x set not null",
    },
  ],
  TARGET_IDENTITY_MISSING: [
    {
      source: `${T})`,
      target: "create table t(id bigint primary key, x text)",
      after: "alter table t alter column id add generated by default as identity",
    },
  ],
  TARGET_GENERATED_MISSING: [
    {
      source: `${T} INTEGER, y INTEGER AS (x + 1))`,
      target: "create table t(id bigint primary key, x bigint, y bigint)",
    },
  ],
  TARGET_VIEW_MISSING: [
    { source: `${T}); CREATE VIEW v AS SELECT id FROM t`, target: "create table t(id bigint primary key, x text)" },
  ],
};
