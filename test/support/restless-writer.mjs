// An application that commits one row after another without a pause, for so many seconds. In the end it says how many.
// @ts-check
import { createRequire } from "node:module";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

const [path = "", seconds = "1"] = process.argv.slice(2);
const database = new Database(path, { timeout: 10_000 });
database.pragma("synchronous = NORMAL");
const statement = database.prepare("INSERT INTO written(n, note) VALUES(?, ?)");
const note = "x".repeat(60);
const end = performance.now() + Number(seconds) * 1_000;
let n = 0;
while (performance.now() < end) for (let count = 0; count < 100; count++) statement.run(++n, note);
process.stdout.write(`${n}\n`);
