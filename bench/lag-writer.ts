// The application of `lag.ts`: one-row transactions at a given rate or at full speed. Each row has its time of writing.
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";

const REPORT_MS = 100;
const BATCH_MS = 2;

export interface WriterReport {
  readonly written: number;
  readonly seconds: number;
}

const [path = "", synchronous = "full", rate = ""] = process.argv.slice(2);
const database = new Database(path);
database.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA busy_timeout = 10000`);
const mark = database.prepare("INSERT INTO marks(at, note) VALUES(?, ?)");
const note = "x".repeat(60);

let stopping = false;
process.on("message", () => {
  stopping = true;
});

const started = performance.now();
let written = 0;
for (let reported = started; !stopping; ) {
  const now = performance.now();
  const due = rate === "" ? written + 100 : Math.floor(((now - started) / 1_000) * Number(rate));
  for (; written < due; written++) mark.run(performance.timeOrigin + performance.now(), note);
  if (performance.now() - reported > REPORT_MS) {
    reported = performance.now();
    process.send?.({ written, seconds: (reported - started) / 1_000 } satisfies WriterReport);
  }
  await delay(rate === "" ? 0 : BATCH_MS);
}
database.close();
process.disconnect?.();
