// An application on one connection whose transactions read first and write later, as those of many ORMs.
// usage: deferred-writer.mjs FILE TRANSACTIONS; prints {"done": n, "busy": n}
// @ts-check
import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

const [path = "", count = "1000"] = process.argv.slice(2);
let { database, read, write } = open();
let [done, busy] = [0, 0];
for (let n = 0; n < Number(count); n++) {
  database.exec("BEGIN");
  try {
    // To its end: a statement at a row keeps its snapshot.
    read.all();
    await turn();
    write.run(1 + (n % 400));
    database.exec("COMMIT");
    done++;
  } catch (error) {
    if (!/SQLITE_BUSY|database is locked/.test(String(error))) throw error;
    busy++;
    // Its statement stays where it failed, and keeps the old snapshot: only a new connection sees the present.
    database.close();
    ({ database, read, write } = open());
  }
}
database.close();
process.stdout.write(JSON.stringify({ done, busy }));

function open() {
  const opened = new Database(path, { timeout: 5_000 });
  opened.pragma("synchronous = NORMAL");
  return {
    database: opened,
    read: opened.prepare("SELECT count(*) FROM account WHERE id < 50"),
    write: opened.prepare("UPDATE account SET v = v + 1 WHERE id = ?"),
  };
}
