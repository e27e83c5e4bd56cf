import { describe, expect, it } from "vitest";
import { followedRun } from "../support/followed-run.ts";
import { query } from "../support/target.ts";

// The first row of `tally` says what the other table holds: the application changes both in one transaction.
const SCHEMA = `
  CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT, n INT);
  CREATE TABLE tally(id INTEGER PRIMARY KEY, seen TEXT);
  INSERT INTO a(x, n) VALUES('one', 1), ('two', 2), ('three', 3);
  INSERT INTO tally(seen) VALUES('one,two,three');`;

const REBUILT = `CREATE TABLE n(id INTEGER PRIMARY KEY, x TEXT, n INT); INSERT INTO n SELECT * FROM a; DROP TABLE a;
  ALTER TABLE n RENAME TO a; UPDATE a SET x = 'unlogged' WHERE id = 2; DELETE FROM a WHERE id = 3`;

/** Each: the change, the table that waits for it, and what lets it go on. */
const CHANGES: readonly (readonly [name: string, sql: string, table: string, ends: "up" | "alone"])[] = [
  ["gets a column", "ALTER TABLE a ADD COLUMN d TEXT", "a", "up"],
  ["has a column renamed", "ALTER TABLE a RENAME COLUMN n TO m", "a", "up"],
  ["loses a column", "ALTER TABLE a DROP COLUMN n", "a", "up"],
  ["is renamed", "ALTER TABLE a RENAME TO aa", "aa", "up"],
  ["is rebuilt", REBUILT, "a", "alone"],
  ["is new", "CREATE TABLE c(id INTEGER PRIMARY KEY, x TEXT)", "c", "up"],
];

const tallied = (table: string) =>
  `INSERT INTO "${table}"(x) VALUES('later');
   UPDATE tally SET seen = (SELECT group_concat(x, ',') FROM (SELECT x FROM "${table}" ORDER BY id))`;

/** Notes, in each commit that changes what waits, whether anything does, and what a reader finds from then on. */
const witnessOf = (table: string) => `
  create schema witness;
  create table witness.noted (at serial, waiting int, said text, found text);
  create function witness.note() returns trigger language plpgsql as $$
  declare found text;
  begin
    if to_regclass('public.${table}') is not null then
      execute 'select string_agg(x, '','' order by id) from public.${table}' into found;
    end if;
    insert into witness.noted(waiting, said, found)
      select jsonb_array_length(held), (select seen from public.tally), found from changeover.run;
    return null;
  end $$;
  create constraint trigger note after update of held on changeover.run deferrable initially deferred
    for each row execute function witness.note()`;

interface Noted {
  readonly waiting: number;
  readonly said: string;
  readonly found: string | null;
}

describe("the commit by which a table waits no longer", () => {
  it.each(CHANGES)("brings its rows, too: the table %s", async (_, sql, table, ends) => {
    const run = await followedRun(SCHEMA);
    run.start("write");
    await run.synced();
    await query(run.target, witnessOf(table));
    run.application.exec(`BEGIN; ${sql}; ${tallied(table)}; COMMIT`);
    run.application.exec(`BEGIN; ${tallied(table)}; COMMIT`);
    const noted = () =>
      query<Noted>(run.target, "select waiting, said, found from witness.noted order by at") as Promise<Noted[]>;
    await run.until("it waits", async () => (await noted()).some(({ waiting }) => waiting > 0));
    if (ends === "up") {
      await run.equal("tally");
      await run.migration.migrations.up();
    }
    await run.until("it flows", async () => (await noted()).at(-1)?.waiting === 0);
    const whole = (await noted()).filter(({ waiting }) => waiting === 0);
    expect(whole.map(({ found }) => found)).toEqual(whole.map(({ said }) => said));
    await run.equal(table);
  });
});
