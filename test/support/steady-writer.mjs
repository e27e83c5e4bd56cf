// An application that writes one numbered row after another, each until it is acknowledged. Told to end (a line on stdin), it says what was.
// @ts-check
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

const [path = "", pauseMs = "10"] = process.argv.slice(2);
const database = new Database(path, { timeout: 10 });
database.pragma("synchronous = OFF");
const insert = database.prepare("INSERT INTO written(n) VALUES(?)");

let acknowledged = 0;
let blocked = 0;
let fences = 0;
let since = performance.now();
let refused = false;
let going = true;
process.stdin.once("data", () => {
  going = false;
});

while (going) {
  try {
    insert.run(acknowledged + 1);
    acknowledged++;
    blocked = Math.max(blocked, performance.now() - since);
    since = performance.now();
    refused = false;
  } catch (error) {
    if (!refused) fences++;
    refused = true;
    // A lock or the fence: tried again, as an application would. Anything else is told.
    if (!/CHANGEOVER_FENCED|database is locked|SQLITE_BUSY/.test(String(error))) {
      process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
      process.exit(1);
    }
  }
  if (acknowledged % 20 === 1 && !refused) process.stdout.write(`${acknowledged}\n`);
  await delay(Number(pauseMs));
}
database.close();
process.stdout.write(`${JSON.stringify({ acknowledged, blocked: Math.round(blocked), fences, refused })}\n`);
process.exit(0);
