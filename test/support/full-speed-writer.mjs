// A bank's application at full speed: transfers between accounts, one transaction after the other, until the fence says
// where to go. Told on stdin, it says how many were acknowledged by now; in the end that and the longest wait between
// two, ms.
// @ts-check
import { createRequire } from "node:module";

const require = createRequire(createRequire(import.meta.url).resolve("@libsql/client/sqlite3"));
const Database = require("libsql");

const [path = "", accounts = "200", seed = "1"] = process.argv.slice(2);
const database = new Database(path, { timeout: 5_000 });
const debit = database.prepare("UPDATE accounts SET balance = balance - 1 WHERE id = ?");
const credit = database.prepare("UPDATE accounts SET balance = balance + 1 WHERE id = ?");
const state = { done: 0, longest: 0, movedTo: /** @type {string | null} */ (null) };
let random = Number(seed);
let since = performance.now();
let going = true;
process.stdin.on("data", (chunk) => {
  if (String(chunk).includes("stop")) going = false;
  else process.stdout.write(`${JSON.stringify(state)}\n`);
});

const account = () => {
  random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
  return (random % Number(accounts)) + 1;
};

/** Whether to look at stdin sooner: it is refused. */
function transfer() {
  try {
    database.exec("BEGIN IMMEDIATE");
    debit.run(account());
    credit.run(account());
    database.exec("COMMIT");
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {}
    const message = String(error);
    if (/state=cut-over/.test(message)) state.movedTo = "PostgreSQL";
    else if (!/CHANGEOVER_FENCED|locked|BUSY/.test(message)) throw error;
    return true;
  }
  state.done++;
  state.longest = Math.max(state.longest, Math.round(performance.now() - since));
  since = performance.now();
  return false;
}

function some() {
  const until = performance.now() + 20;
  let isRefused = false;
  while (performance.now() < until && !isRefused) isRefused = transfer();
  if (going && state.movedTo === null) return setTimeout(some, isRefused ? 2 : 0);
  process.stdout.write(`${JSON.stringify(state)}\n`, () => process.exit(0));
}
some();
