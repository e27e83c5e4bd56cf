// What the preload costs a one-row query by primary key, on libsql: `node --import jiti/register bench/record.ts`.
// Bare and recorded runs alternate in one process; CPU time of the best of each counts.
import Database from "libsql";
import { recordSynchronous } from "../src/record/record-library.ts";
import { StatementLog } from "../src/record/statement-log.ts";

const QUERIES = 200_000;
const ROUNDS = 9;

const database = new Database(":memory:");
database.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, note TEXT)");
database.exec("INSERT INTO t VALUES (1, 'one', 'a'), (2, 'two', 'b'), (3, 'three', 'c')");
const bare = database.prepare("SELECT id, name, note FROM t WHERE id = ?");

const methods = Object.getPrototypeOf(bare) as Record<string, unknown>;
const originals = { run: methods["run"], get: methods["get"], all: methods["all"], iterate: methods["iterate"] };
const log = new StatementLog({ file: "unused", withValues: false });
recordSynchronous(Database.prototype as unknown as Record<string, unknown>, log);
const recorded = database.prepare("SELECT id, name, note FROM t WHERE id = ?");
const wrapped = { run: methods["run"], get: methods["get"], all: methods["all"], iterate: methods["iterate"] };

/** CPU time of one query, in µs. */
function measure(statement: Database.Statement): number {
  const started = process.cpuUsage();
  for (let i = 0; i < QUERIES; i++) statement.get(2);
  const { system, user } = process.cpuUsage(started);
  return (system + user) / QUERIES;
}

const times = { bare: [] as number[], recorded: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  Object.assign(methods, originals);
  times.bare.push(measure(bare));
  Object.assign(methods, wrapped);
  times.recorded.push(measure(recorded));
}
const best = { bare: Math.min(...times.bare), recorded: Math.min(...times.recorded) };
const overhead = ((best.recorded / best.bare - 1) * 100).toFixed(1);
console.log(`one-row query: ${best.bare.toFixed(2)} µs bare, ${best.recorded.toFixed(2)} µs recorded: ${overhead} %`);
database.close();
