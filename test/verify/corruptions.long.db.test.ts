import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SOURCE = `
  CREATE TABLE reading(id INTEGER PRIMARY KEY, level REAL, amount DECIMAL(12,2), name TEXT, note TEXT, at TEXT,
    day TEXT, doc TEXT, mark BLOB, done BOOLEAN, token TEXT);
  INSERT INTO reading
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
    SELECT i, i / 7.0, i * 1.25, 'name ' || i, CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN '' ELSE 'note' END,
      '2024-03-10T12:00:0' || (i % 10) || '.123456Z', '2024-03-10',
      '{"a":' || i || ',"b":[1,2,{"c":null}]}', randomblob(8), i % 2,
        lower(hex(randomblob(4))) || '-0000-4000-8000-' || lower(hex(randomblob(6))) FROM n;
  CREATE TABLE pair(a TEXT, b TEXT, v INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID;
  INSERT INTO pair SELECT 'a' || (id % 20), 'b' || id, id FROM reading;
  CREATE TABLE bag(v);
  INSERT INTO bag SELECT id % 5 FROM reading;
`;
const TARGET = `
  create table reading(id bigint primary key, level double precision, amount numeric(12,2), name text, note text,
    at timestamptz, day date, doc jsonb, mark bytea, done boolean, token uuid);
  create table pair(a text, b text, v bigint, primary key (a, b));
  create table bag(v bigint);
`;

/** What is done to one row of the target, and how it must be named; null where it is no difference. */
interface Corruption {
  readonly sql: (id: number) => string;
  readonly named: { readonly what: string; readonly columns: readonly string[] } | null;
}

const changed = (set: string, column: string): Corruption => ({
  sql: (id) => `update reading set ${set} where id = ${id}`,
  named: { what: "different", columns: [column] },
});

const CORRUPTIONS: readonly Corruption[] = [
  // The last bit of a float.
  changed("level = level * (1 + 2.3e-16)", "level"),
  changed("amount = amount + 0.01", "amount"),
  changed("name = name || ' '", "name"),
  changed("name = upper(name)", "name"),
  changed("note = case when note is null then '' when note = '' then null else '' end", "note"),
  changed("at = at + interval '1 microsecond'", "at"),
  changed("at = at at time zone 'Europe/Berlin' at time zone 'UTC'", "at"),
  changed("day = day + 1", "day"),
  changed("doc = jsonb_set(doc, '{b,2,c}', '0')", "doc"),
  changed("doc = doc - 'a'", "doc"),
  changed("mark = set_byte(mark, 7, (get_byte(mark, 7) + 1) % 256)", "mark"),
  changed("mark = mark || '\\x00'", "mark"),
  changed("done = not done", "done"),
  changed("token = gen_random_uuid()", "token"),
  changed("level = null", "level"),
  { sql: (id) => `delete from reading where id = ${id}`, named: { what: "missing", columns: [] } },
  {
    sql: (id) => `insert into reading(id, name) values (${id} + 10000, 'too many')`,
    named: { what: "extra", columns: [] },
  },
  // No differences: a row that was deleted and added again, a JSON object whose keys were written in another order.
  {
    sql: (id) =>
      `create temporary table gone as select * from reading where id = ${id}; delete from reading ` +
      `where id = ${id}; insert into reading select * from gone`,
    named: null,
  },
  { sql: (id) => `update reading set doc = '{"b":[1,2,{"c":null}],"a":${id}}' where id = ${id}`, named: null },
  { sql: (id) => `update reading set name = name where id = ${id}`, named: null },
];

describe("the verification", () => {
  it("finds and names each of 200 corruptions, invents none, and repairs them", async () => {
    const { path, application } = await sqliteFile(SOURCE);
    const target = await emptyDatabase();
    await query(target, TARGET);
    const migration = openMigration({ source: path, target, migrationsDirectory: `${path}.none` });
    try {
      await migration.sync({ until: "caught-up" });
      expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });
      const expected = new Set<string>();
      for (let id = 1; id <= 200; id++) {
        const corruption = CORRUPTIONS[id % CORRUPTIONS.length] ?? CORRUPTIONS[0];
        if (corruption === undefined) throw new Error("none");
        await query(target, corruption.sql(id));
        if (corruption.named !== null)
          expected.add(
            `${corruption.named.what === "extra" ? id + 10000 : id} ${corruption.named.what} ` +
              `${corruption.named.columns.join()}`,
          );
      }
      await query(
        target,
        "update pair set v = v + 1 where b = 'b7'; update pair set b = 'swapped' where b = 'b8'; delete " +
          "from bag where ctid = (select min(ctid) from bag)",
      );
      const result = await migration.check({ examples: 1_000 });
      const named =
        result.tables[0]?.examples?.map(({ key, what, columns }) => `${key} ${what} ${columns.join()}`) ?? [];
      expect(new Set(named)).toEqual(expected);
      expect(named).toHaveLength(expected.size);
      expect(result.tables[1]?.examples).toEqual([
        { key: '"a7", "b7"', what: "different", columns: ["v"] },
        { key: '"a8", "b8"', what: "missing", columns: [] },
        { key: '"a8", "swapped"', what: "extra", columns: [] },
      ]);
      expect(result.tables[2]?.differences).toBe(1);
      expect(result.ok).toBe(false);

      await application.execute("UPDATE reading SET name = 'meanwhile' WHERE id = 300");
      const repaired = await migration.check({ repair: true });
      expect(repaired).toMatchObject({ ok: true, differences: 0, repaired: result.differences });
      expect(await query(target, "select count(*)::int as n from reading")).toEqual([{ n: 400 }]);
    } finally {
      await migration.close();
    }
  });
});
