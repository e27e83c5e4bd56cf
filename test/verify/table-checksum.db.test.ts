import type { Client } from "@libsql/client";
import { expect, it, onTestFinished, vi } from "vitest";
import { openMigration } from "../../src/migration.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { lookUpOf } from "../../src/verify/look-up.ts";
import { ReadHashes } from "../../src/verify/read-hashes.ts";
import { tableChecksum } from "../../src/verify/table-checksum.ts";
import type { VerifyOptions } from "../../src/verify/verify-options.ts";
import { verifyTable } from "../../src/verify/verify-run.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const ROWS = 6_000;
const key = (id: number) => `k${String((id * 7919) % 1_000_003).padStart(7, "0")}`;

interface Synced {
  readonly application: Client;
  readonly session: TargetSession;
  readonly options: VerifyOptions;
  readonly mapping: TableMapping;
  /** What the application does once some pages are read. */
  during(work: () => Promise<unknown>): VerifyOptions;
}

/** A table, brought to the target and followed by capture; its text keys lie in another order than their rows. */
async function synced(numbered?: string): Promise<Synced> {
  const { path, application } = await sqliteFile(
    numbered !== undefined
      ? `
    CREATE TABLE note(k ${numbered}, n INTEGER, body TEXT);
    WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < ${ROWS}) INSERT INTO note
      SELECT (i * 7919) % 6007 - 3000, i, 'note ' || i FROM i`
      : `
    CREATE TABLE note(k TEXT PRIMARY KEY NOT NULL, n INTEGER, body TEXT, at TEXT, done BOOLEAN, mark BLOB, seen TEXT);
    WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < ${ROWS})
      INSERT INTO note SELECT printf('k%07d', (i * 7919) % 1000003), CASE WHEN i % 5 THEN i - 3000 END, CASE i % 4
        WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,b~!' || i ELSE 'Ärger ' || i END, CASE WHEN i % 3
          THEN '2024-03-10 12:00:0' || (i % 10) END, i % 2, CASE WHEN i % 7 THEN randomblob(5) END, CASE WHEN i % 9
            THEN printf('2024-03-10T12:%02d:%02d.%03dZ', i / 60 % 60, i % 60, i * 10 % 1000) END FROM i`,
  );
  const { url, target, session } = await emptyTarget(
    numbered === undefined
      ? "create table note(k text primary key, n bigint, body text, at timestamp, done boolean, " +
          "mark bytea, seen timestamptz)"
      : "create table note(k bigint primary key, n bigint, body text)",
  );
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  await migration.sync({ until: "caught-up" });
  await migration.close();
  const source = openSource({ url: path });
  onTestFinished(async () => {
    source.close();
    await target.close();
  });
  const run = await loadRun(session);
  const mapping = run?.mappings[0];
  if (run === null || mapping === undefined) throw new Error("no run");
  const options: VerifyOptions = { run: run.id, source, session, captured: true, tooFarBehind: 20_000n };
  return {
    application,
    session,
    options,
    mapping,
    during(work) {
      let pages = 0;
      return { ...options, rest: async () => void (++pages === 2 && (await work())) };
    },
  };
}

const checksummed = ({ mapping, session }: Synced, options: VerifyOptions) =>
  tableChecksum(options, mapping, lookUpOf(session));

it("finds a table equal as a whole, whatever its values", async () => {
  const table = await synced();
  expect(await checksummed(table, table.options)).toEqual({ rows: ROWS, pending: 0 });
  expect(await checksummed(table, { ...table.options, captured: false })).toEqual({ rows: ROWS, pending: 0 });
});

it.each([
  ["a value that is another", `update note set body = 'x' where k = '${key(4_000)}'`],
  ["NULL for an empty text", `update note set body = null where k = '${key(4_001)}'`],
  ["an empty text for NULL", `update note set body = '' where k = '${key(4_000)}'`],
  ["a row that is missing", `delete from note where k = '${key(4_000)}'`],
  ["a row too many", "insert into note(k) values ('too many')"],
  [
    "two rows that have each other's values",
    `update note as t set body = o.body from note as o where (t.k, o.k) in (('${key(4_002)}', ` +
      `'${key(4_003)}'), ('${key(4_003)}', '${key(4_002)}'))`,
  ],
  ["a moment that is another", `update note set seen = seen + interval '1 microsecond' where k = '${key(4_000)}'`],
  [
    "a comma that has moved from one value to the next",
    `update note set at = at + interval '1 second' where k = '${key(4_000)}'`,
  ],
])("says nothing of a table with %s, which the comparison of its pages then names", async (_, spoil) => {
  const table = await synced();
  await table.session.run(spoil);
  const counted: number[] = [];
  expect(await checksummed(table, { ...table.options, onRows: (_table, rows) => void counted.push(rows) })).toBeNull();
  // What was counted on the way is given back.
  expect(counted.reduce((sum, rows) => sum + rows, 0)).toBe(0);
  const { differences, more } = await verifyTable(table.options, table.mapping);
  expect(differences.length + more).toBeGreaterThan(0);
});

it.each([
  ["in memory", 1 << 20],
  ["in a file", 1_500],
])(
  "leaves out what the application changes meanwhile, wherever that is, and remembers what it read %s",
  async (_, maxInMemory) => {
    const table = await synced();
    const before = ["'k0'", `'${key(3)}'`, `'${key(5_990)}'`];
    const options = table.during(() =>
      table.application.executeMultiple(`
      UPDATE note SET body = 'changed' WHERE k IN ('${key(1)}', '${key(5_999)}');
      DELETE FROM note WHERE k IN ('${key(2)}', '${key(5_998)}');
      INSERT INTO note(k, body) VALUES('new', 'new');
      -- The row moves to the end: read before, and met again; or met there for the first time.
      REPLACE INTO note SELECT k, n, 'replaced', at, done, mark, seen FROM note WHERE k IN ('${key(4)}',
        '${key(5_000)}');
      -- To where everything is read already.
      UPDATE note SET rowid = -5 WHERE k = '${key(5_997)}';
      -- To another key, and to one that was deleted.
      UPDATE note SET k = 'renamed' WHERE k = '${key(5_996)}';
      UPDATE note SET k = '${key(2)}' WHERE k = '${key(5_995)}';
      -- Nothing changes, but for the log.
      UPDATE note SET n = n WHERE k IN (${before.join(", ")})`),
    );
    expect(
      await tableChecksum(options, table.mapping, lookUpOf(table.session), () => new ReadHashes({ maxInMemory })),
    ).toEqual({ rows: expect.any(Number) as number, pending: expect.any(Number) as number });
  },
);

it("says nothing where there is no room to remember what was read", async () => {
  const table = await synced();
  vi.stubEnv("TMPDIR", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const counted: number[] = [];
  expect(
    await tableChecksum(
      { ...table.options, onRows: (_table, rows) => void counted.push(rows) },
      table.mapping,
      lookUpOf(table.session),
      () => new ReadHashes({ maxInMemory: 1_500 }),
    ),
  ).toBeNull();
  expect(counted.length).toBeGreaterThan(1);
  expect(counted.reduce((sum, rows) => sum + rows, 0)).toBe(0);
});

it("does not take what the application changes for what is wrong: both at once", async () => {
  const table = await synced();
  await table.session.run(`update note set body = 'spoilt' where k = '${key(5_500)}'`);
  expect(
    await checksummed(
      table,
      table.during(() => table.application.execute(`UPDATE note SET body = 'changed' WHERE k = '${key(5_600)}'`)),
    ),
  ).toBeNull();
});

it("says nothing once VACUUM may have numbered the rows again, or too much is in flight", async () => {
  const table = await synced();
  await table.application.execute("DELETE FROM note WHERE rowid % 2");
  expect(
    await checksummed(
      table,
      table.during(() => table.application.execute("VACUUM")),
    ),
  ).toBeNull();
  const other = await synced();
  expect(
    await checksummed(other, {
      ...other.during(() => other.application.execute("UPDATE note SET n = 1")),
      tooFarBehind: 1_000n,
    }),
  ).toBeNull();
});

it.each(["INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY NOT NULL"])(
  "finds a table with a number for a key (%s) equal, alongside an application, and says nothing where it is not",
  async (declared) => {
    const table = await synced(declared);
    expect(await checksummed(table, table.options)).toEqual({ rows: ROWS, pending: 0 });
    const busy = table.during(() =>
      table.application.executeMultiple(`
      UPDATE note SET body = 'changed' WHERE n IN (1, 2, 5999, 3000); DELETE FROM note WHERE n IN (7, 5995);
      INSERT INTO note VALUES(-9000, 0, 'new'), (9000, 0, 'new'); UPDATE note SET k = k + 20000 WHERE n IN (11, 5990)`),
    );
    expect(await checksummed(table, busy)).not.toBeNull();
    await table.session.run("update note set body = 'spoilt' where n = 4000");
    expect(await checksummed(table, table.options)).toBeNull();
  },
);

it(
  "leaves a table with a number for a key to its pages where those are to be kept: when it is large, " +
    "or goes slowly",
  async () => {
    const table = await synced("INTEGER PRIMARY KEY");
    const sized = (bytes: number): VerifyOptions => {
      const rows: unknown = async () => [{ bytes: String(bytes), blocks: "10" }];
      return {
        ...table.options,
        session: new Proxy(table.session, { get: (session, name) => (name === "rows" ? rows : bound(session, name)) }),
      };
    };
    expect(await checksummed(table, sized(2 * 2 ** 30 + 1))).toBeNull();
    expect(await checksummed(table, sized(2 * 2 ** 30))).toEqual({ rows: ROWS, pending: 0 });
    expect(await checksummed(table, { ...table.options, byPages: true })).toBeNull();
  },
);

/** A member of the session's, which knows its own fields only of itself. */
function bound(session: TargetSession, name: string | symbol): unknown {
  const member: unknown = Reflect.get(session, name, session);
  return typeof member === "function" ? (member.bind(session) as unknown) : member;
}
