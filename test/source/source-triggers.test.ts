import type { Client } from "@libsql/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSource } from "../../src/source/source.ts";
import {
  createSourceTriggers,
  dropSourceTriggers,
  type OwnTrigger,
} from "../../src/source/triggers/source-triggers.ts";
import { sqliteFile } from "../support/source.ts";

function trigger(table: string, body = `INSERT INTO seen VALUES('${table}')`): OwnTrigger {
  const name = `_changeover_${table}`;
  return { name, table, sql: `CREATE TRIGGER "${name}" AFTER INSERT ON "${table}" BEGIN ${body}; END` };
}

async function withTables(count: number) {
  const names = Array.from({ length: count }, (_, index) => `t${index}`);
  const { path, application } = await sqliteFile(
    `CREATE TABLE seen(t); ${names.map((name) => `CREATE TABLE ${name}(a)`).join("; ")}; ` +
      "CREATE TRIGGER own AFTER INSERT ON t0 BEGIN INSERT INTO seen VALUES('own'); END",
  );
  const held: number[] = [];
  const source = openSource({ url: path, observe: (seen) => seen.kind === "write" && held.push(seen.durationMs) });
  onTestFinished(() => source.close());
  return { application, held, names, source };
}

const schemaOf = async (application: Client) =>
  (await application.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")).rows.map((row) =>
    JSON.stringify(row),
  );

const isSound = async (application: Client) =>
  (await application.execute("PRAGMA integrity_check")).rows[0]?.["integrity_check"] === "ok";

describe("triggers that are written into the source's schema", () => {
  it("are what CREATE TRIGGER makes, fire for open connections, and leave nothing behind", async () => {
    const { application, names, source } = await withTables(3);
    const triggers = names.map((name) => trigger(name));
    const before = await schemaOf(application);
    for (const { sql } of triggers) await application.execute(sql);
    const made = await schemaOf(application);
    for (const { name } of triggers) await application.execute(`DROP TRIGGER ${name}`);
    await createSourceTriggers(source, triggers);
    expect(await schemaOf(application)).toEqual(made);
    await application.execute("INSERT INTO t0 VALUES(1)");
    // The one that came last fires first, as with CREATE TRIGGER.
    expect((await application.execute("SELECT t FROM seen")).rows.map(({ t }) => t)).toEqual(["t0", "own"]);
    await dropSourceTriggers(
      source,
      triggers.map(({ name }) => name),
    );
    expect(await schemaOf(application)).toEqual(before);
    await application.execute("INSERT INTO t1 VALUES(1)");
    expect((await application.execute("SELECT count(*) AS n FROM seen")).rows[0]?.["n"]).toBe(2n);
    expect(await isSound(application)).toBe(true);
  });

  it("are not written where SQLite does not take one of them: the schema stays readable", async () => {
    const { application, source } = await withTables(2);
    const before = await schemaOf(application);
    for (const wrong of [trigger("t1", "INSERT INTO seen VALUES('"), trigger("nowhere")])
      await expect(createSourceTriggers(source, [trigger("t0"), wrong])).rejects.toThrow();
    expect(await schemaOf(application)).toEqual(before);
    expect(await isSound(application)).toBe(true);
  });

  it("are made again where their text has changed, and only those", async () => {
    const { application, source } = await withTables(2);
    await createSourceTriggers(source, [trigger("t0"), trigger("t1")]);
    const changes: number[] = [];
    const onSchemaChange = (by: number) => void changes.push(by);
    await createSourceTriggers(source, [trigger("t0"), trigger("t1", "DELETE FROM seen")], { onSchemaChange });
    // One transaction takes the old one off, one brings the new.
    expect(changes).toEqual([1, 1]);
    expect((await schemaOf(application)).filter((row) => row.includes("DELETE FROM seen"))).toHaveLength(1);
  });

  it("leave a sound schema although the application drops a table between two slices", async () => {
    const { application, held, names, source } = await withTables(60);
    // So long that a slice cannot hold them all.
    const long = `INSERT INTO seen VALUES('${"x".repeat(20_000)}')`;
    const many = names.flatMap((name) =>
      Array.from({ length: 8 }, (_, index): OwnTrigger => {
        const one = trigger(name, long);
        const other = `${one.name}_${index}`;
        return { ...one, name: other, sql: one.sql.replace(one.name, other) };
      }),
    );
    let dropped = 0;
    const between = async () => {
      if (dropped++ === 0) await application.executeMultiple("DROP TABLE t0; DROP TABLE t59");
    };
    await expect(createSourceTriggers(source, many, { between })).rejects.toThrow(/no such table: main\.t/);
    expect(held.length).toBeGreaterThan(1);
    expect(await isSound(application)).toBe(true);
    await application.execute("INSERT INTO t1 VALUES(1)");
    expect((await schemaOf(application)).filter((row) => /"t0"|"t59"/.test(row))).toEqual([]);
  });
});
