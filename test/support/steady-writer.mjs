// An application that writes one numbered row after another, each until it is acknowledged. Told to end (a line on
// stdin), it says what was.
// @ts-check
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

const [path = "", pauseMs = "10"] = process.argv.slice(2);
const { insert, close } = path.startsWith("postgres") ? ofPostgres() : ofSqlite();

let acknowledged = 0;
let blocked = 0;
let fences = 0;
let since = performance.now();
let refused = false;
let going = true;
process.stdin.once("data", () => {
  going = false;
});
// The test's process is gone.
process.stdin.once("end", () => process.exit(1));

while (going) {
  try {
    await insert(acknowledged + 1);
    acknowledged++;
    blocked = Math.max(blocked, performance.now() - since);
    since = performance.now();
    refused = false;
  } catch (error) {
    if (!refused) fences++;
    refused = true;
    // A lock or the fence: tried again, as an application would. Anything else is told.
    if (!/CHANGEOVER_FENCED|database is locked|SQLITE_BUSY|deadlock detected/.test(String(error))) {
      process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
      process.exit(1);
    }
  }
  if (acknowledged % 20 === 1 && !refused) process.stdout.write(`${acknowledged}\n`);
  await delay(Number(pauseMs));
}
await close();
process.stdout.write(`${JSON.stringify({ acknowledged, blocked: Math.round(blocked), fences, refused })}\n`);
process.exit(0);

function ofSqlite() {
  const database = new Database(path, { timeout: 10 });
  database.pragma("synchronous = OFF");
  const statement = database.prepare("INSERT INTO written(n) VALUES(?)");
  return { insert: async (/** @type {number} */ n) => statement.run(n), close: async () => database.close() };
}

function ofPostgres() {
  const sql = postgres(path, { max: 1 });
  return {
    insert: async (/** @type {number} */ n) => await sql`insert into written values (${n})`,
    close: () => sql.end(),
  };
}
