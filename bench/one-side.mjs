/**
 * One migration by the library of one checkout, in a process of its own: `node one-side.mjs ROOT SOURCE TARGET
 * MIGRATIONS`. Prints processor seconds by phase, of this process and of the server: those hardly depend on what else
 * the machine does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [root, source, target, migrationsDirectory] = process.argv.slice(2);
const postgres = createRequire(import.meta.url)("postgres");
const { openMigration } = await import(pathToFileURL(join(root, "dist/index.js")).href);

const PHASES = [
  [/^looking at|^profiling/, "profile"],
  [/^copying \d/, "copy"],
  [/ copied$/, "indexes"],
  [/^comparing both sides/, "verify"],
  [/compared, no difference$/, "rest"],
];

const sql = postgres(target, { max: 1, onnotice: () => {} });
const [{ pid }] = await sql`select pg_backend_pid() as pid`;
const postmaster = Number(statOf(pid)[1]);
await sql.end();

function statOf(process) {
  return readFileSync(`/proc/${process}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
}

/** Ticks of 10 ms: of the server, of the backends that it has and of those that it had. */
function serverSeconds() {
  const children = readdirSync(`/proc/${postmaster}/task`).flatMap((task) =>
    readFileSync(`/proc/${postmaster}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
  let ticks = 0;
  for (const process of [postmaster, ...children]) {
    try {
      const fields = statOf(process);
      ticks += Number(fields[11]) + Number(fields[12]);
      if (process === postmaster) ticks += Number(fields[13]) + Number(fields[14]);
    } catch {
      // It ended meanwhile: the postmaster has its time now.
    }
  }
  return ticks / 100;
}

function ownSeconds() {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1e6;
}

const seconds = { start: 0, profile: 0, copy: 0, indexes: 0, verify: 0, rest: 0 };
let phase = "start";
let since = ownSeconds() + serverSeconds();
function turn(next) {
  const now = ownSeconds() + serverSeconds();
  seconds[phase] += now - since;
  [phase, since] = [next, now];
}

const migration = openMigration({
  source,
  target,
  migrationsDirectory,
  jobs: 1,
  onEvent: (event) => {
    if (event.type !== "step") return;
    const next = PHASES.find(([pattern]) => pattern.test(event.message))?.[1];
    if (next !== undefined) turn(next);
  },
});
await migration.data();
turn("rest");
await migration.close();
process.stdout.write(`${JSON.stringify(seconds)}\n`);
process.exit(0);
