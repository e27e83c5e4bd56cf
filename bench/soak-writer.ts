// The soak's application: transfers at a given rate, in its own process. The sum of all balances never changes.
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";

const REPORT_MS = 250;
const BATCH_MS = 5;
/** Old transfers are deleted, so that the tables keep their size. */
const KEPT = 20_000;

const [path = "", rate = "2000", accounts = "0"] = process.argv.slice(2);
const database = new Database(path);
database.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");
const move = database.prepare("UPDATE accounts SET balance = balance + ? WHERE id = ?");
const note = database.prepare("INSERT OR REPLACE INTO transfers(id, sender, receiver, amount) VALUES(?, ?, ?, ?)");
const forget = database.prepare("DELETE FROM transfers WHERE id = ?");

let stopping = false;
process.on("message", () => {
  stopping = true;
});

function transfer(n: number): void {
  const [sender, receiver] = [
    1 + Math.floor(Math.random() * Number(accounts)),
    1 + Math.floor(Math.random() * Number(accounts)),
  ];
  database.exec("BEGIN IMMEDIATE");
  move.run(-1, sender);
  move.run(1, receiver);
  note.run(`transfer-${n}`, sender, receiver, 1);
  if (n > KEPT) forget.run(`transfer-${n - KEPT}`);
  database.exec("COMMIT");
}

let committed = 0;
let longestMs = 0;
let reported = performance.now();
let due = performance.now();
while (!stopping) {
  while (due <= performance.now() && !stopping) {
    const started = performance.now();
    transfer(committed + 1);
    longestMs = Math.max(longestMs, performance.now() - started);
    committed++;
    due += 1_000 / Number(rate);
    // Missed transfers are not made up in a burst.
    if (performance.now() - due > 1_000) due = performance.now();
    if (committed % 100 === 0) await delay(0);
  }
  if (performance.now() - reported > REPORT_MS) {
    process.send?.({ committed, longestMs });
    longestMs = 0;
    reported = performance.now();
  }
  await delay(BATCH_MS);
}
database.close();
process.disconnect?.();
