// Prints the page faults of a process that has SQLite make a megabyte, again and again. `keep`: after keepMemory().
import Database from "libsql";
import { keepMemory } from "../../src/cli/keep-memory.ts";

if (process.argv[2] === "keep") keepMemory();
const database = new Database(":memory:");
const make = () => database.prepare("SELECT CAST(zeroblob(1000000) AS BLOB) || ''").all();
// V8 collects on the way.
for (let round = 0; round < 50; round++) {
  make();
  JSON.parse(JSON.stringify(Array.from({ length: 5_000 }, (_, index) => ({ index }))));
}
const before = process.resourceUsage().minorPageFault;
for (let round = 0; round < 200; round++) make();
process.stdout.write(String(process.resourceUsage().minorPageFault - before));
