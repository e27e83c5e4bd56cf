// An application that follows the fence, in its own process: transactions at a given rate, each an entry and its
// account's balance. Reports acknowledged writes, and the time without accepted writes at each switch.
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";
import postgres from "postgres";

export type Place = "sqlite" | "postgres";

export interface WriterState {
  readonly place: Place;
  /** The last acknowledged entry: all entries up to it were acknowledged. */
  readonly acknowledged: number;
  /** Time from the last accepted write on one side to the first on the other, ms. */
  readonly switches: readonly { readonly to: Place; readonly ms: number }[];
  readonly held: boolean;
  /** Running time without pauses. */
  readonly seconds: number;
}

const REPORT_MS = 100;
const RETRY_MS = 1;
const FENCED = /CHANGEOVER_FENCED state=([a-z-]+)/;

const [path = "", url = "", rate = "2000", accounts = "1"] = process.argv.slice(2);
const sqlite = new Database(path);
sqlite.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000");
const pay = sqlite.prepare("UPDATE accounts SET balance = balance + 1 WHERE id = ?");
const note = sqlite.prepare(
  "INSERT INTO entries(writer_n, account, note, at) VALUES(?, ?, 'written', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
);
const sql = postgres(url, { max: 1, onnotice: () => {}, prepare: true });
// Like SQLite's NORMAL: a power cut may lose the last transactions.
await sql`set synchronous_commit = off`;

let place: Place = "sqlite";
let acknowledged = 0;
let lastAccepted = performance.now();
const began = performance.now();
let heldMs = 0;
const switches: { to: Place; ms: number }[] = [];
let [stopping, holding, held] = [false, false, false];
process.on("message", (message: "stop" | "hold" | "go") => {
  if (message === "stop") stopping = true;
  holding = message === "hold";
  if (message === "go") held = false;
});

async function write(n: number): Promise<void> {
  const account = 1 + Math.floor(Math.random() * Number(accounts));
  if (place === "postgres") {
    await sql`with paid as (update accounts set balance = balance + 1 where id = ${account})
      insert into entries(writer_n, account, note, at) values (${n}, ${account}, 'written', now())`;
    return;
  }
  try {
    sqlite.exec("BEGIN IMMEDIATE");
    pay.run(account);
    note.run(n, account);
    sqlite.exec("COMMIT");
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec("ROLLBACK");
    throw error;
  }
}

/** Retries until it is committed on either side. */
async function surely(n: number): Promise<void> {
  let switched = false;
  for (;;) {
    try {
      await write(n);
      const now = performance.now();
      if (switched) switches.push({ to: place, ms: now - lastAccepted });
      lastAccepted = now;
      if (switched && holding) await hold();
      return;
    } catch (error) {
      const state = FENCED.exec(String(error))?.[1];
      if (state === undefined) throw error;
      const to: Place | null = state === "cut-over" ? "postgres" : state === "returned" ? "sqlite" : null;
      if (to !== null && to !== place) {
        place = to;
        switched = true;
      } else await delay(RETRY_MS);
    }
  }
}

/** Pauses after the first accepted write on a side, before it counts as acknowledged. */
async function hold(): Promise<void> {
  const since = performance.now();
  held = true;
  while (held && !stopping) await report().then(() => delay(10));
  heldMs += performance.now() - since;
  due = performance.now();
}

let reported = 0;
async function report(): Promise<void> {
  if (performance.now() - reported < REPORT_MS) return;
  reported = performance.now();
  process.send?.({
    place,
    acknowledged,
    switches,
    held,
    seconds: (reported - began - heldMs) / 1_000,
  } satisfies WriterState);
}

let due = performance.now();
while (!stopping) {
  while (due <= performance.now() && !stopping) {
    await surely(acknowledged + 1);
    acknowledged++;
    due += 1_000 / Number(rate);
    if (performance.now() - due > 1_000) due = performance.now();
    if (acknowledged % 50 === 0) await delay(0);
  }
  await report();
  await delay(2);
}
reported = 0;
await report();
sqlite.close();
await sql.end();
process.disconnect?.();
