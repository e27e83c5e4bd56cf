// The schema soak's application: transactions at a given rate and a change of its schema every few seconds, in its own
// process. Each transaction counts itself in one of three tables and in `meter`; each change of the schema counts the
// columns in the same transaction. So any state of the file can be told from one that it never had.
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";

const BATCH_MS = 5;
const TABLES = ["apples", "pears", "plums"];
const ROWS = 200;

const [path = "", rate = "1000", everyMs = "20000", kinds = "all"] = process.argv.slice(2);
const database = new Database(path);
database.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");

let stopping = false;
process.on("message", () => {
  stopping = true;
});

let count = 0;
let changes = 0;
const nameOf = (table: number) => TABLES[table % TABLES.length] ?? "apples";

function write(): void {
  const table = nameOf(count);
  const id = 1 + (count % ROWS);
  database.exec(
    `BEGIN IMMEDIATE; UPDATE ${table} SET hits = hits + 1 WHERE id = ${id}; UPDATE meter SET hits = hits + 1; COMMIT`,
  );
  count++;
}

/** Columns of the three tables, as the meter counts them. */
const COUNTED = `UPDATE meter SET columns = (SELECT sum((SELECT count(*) FROM pragma_table_info(m.name)))
  FROM sqlite_schema AS m WHERE m.name IN ('apples', 'pears', 'plums'))`;

/** What only adds, in turn; every column gets a value in some of the rows. */
function additive(n: number): string {
  const table = nameOf(n);
  switch (n % 5) {
    case 0:
      return (
        `ALTER TABLE ${table} ADD COLUMN c${n} INT NOT NULL DEFAULT ${n}; ` +
        `UPDATE ${table} SET c${n} = id WHERE id < 20`
      );
    case 1:
      return `ALTER TABLE ${table} ADD COLUMN c${n} TEXT; UPDATE ${table} SET c${n} = 'some' WHERE id > 180`;
    case 2:
      return (
        `CREATE TABLE made_${n}(id INTEGER PRIMARY KEY, note TEXT); ` + `INSERT INTO made_${n}(note) VALUES('a'), ('b')`
      );
    case 3:
      return `CREATE INDEX ${table}_${n} ON ${table}(hits)`;
    default:
      return `CREATE VIEW seen_${n} AS SELECT id, hits FROM ${table}`;
  }
}

/** What waits for a person. */
function other(n: number): string {
  const table = nameOf(n);
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name GLOB 'c*'`).all() as {
    readonly name: string;
  }[];
  const last = columns.at(-1)?.name;
  const names = (
    database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { readonly name: string }[]
  )
    .map(({ name }) => name)
    .join(", ");
  switch (n % 4) {
    case 0:
      return last === undefined ? additive(n) : `ALTER TABLE ${table} DROP COLUMN ${last}`;
    case 1:
      return last === undefined ? additive(n) : `ALTER TABLE ${table} RENAME COLUMN ${last} TO ${last}_r`;
    case 2: {
      const [text] = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = '${table}'`).all() as {
        readonly sql: string;
      }[];
      const made = (text?.sql ?? "").replace(/^CREATE TABLE "?\w+"?/, "CREATE TABLE rebuilt");
      const views = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").all() as {
        readonly name: string;
      }[];
      return `${views.map(({ name }) => `DROP VIEW ${name}`).join("; ")};
        ${made}; INSERT INTO rebuilt(${names}) SELECT ${names} FROM ${table}; DROP TABLE ${table};
        ALTER TABLE rebuilt RENAME TO ${table}`;
    }
    default:
      return `CREATE UNIQUE INDEX ${table}_u${n} ON ${table}(id, hits)`;
  }
}

function change(): void {
  const sql = kinds === "additive" || changes % 3 !== 2 ? additive(changes) : other(changes);
  changes++;
  try {
    database.exec(`BEGIN IMMEDIATE; ${sql}; ${COUNTED}; COMMIT`);
    process.send?.({ change: sql.replaceAll(/\s+/g, " ").trim(), at: count });
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    process.send?.({ refused: `${sql}: ${String(error)}` });
  }
}

let due = performance.now();
let changed = performance.now();
while (!stopping) {
  while (due <= performance.now() && !stopping) {
    write();
    due += 1_000 / Number(rate);
    if (performance.now() - due > 1_000) due = performance.now();
    if (count % 100 === 0) await delay(0);
  }
  if (performance.now() - changed > Number(everyMs)) {
    change();
    changed = performance.now();
  }
  await delay(BATCH_MS);
}
process.send?.({ committed: count, changes });
database.close();
