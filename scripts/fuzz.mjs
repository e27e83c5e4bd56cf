// Runs the fuzzers for a given time: npm run fuzz -- --minutes 60, or --seed 123 to repeat one failure. --only capture
// or sync: one of them; --shrink: the smallest case that still fails.
// Each range of seeds has its own process, so that leaked memory is freed and a hanging trial can be killed.
// @ts-check
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    only: { type: "string" },
    shrink: { type: "boolean" },
  },
});
const STRETCH_SECONDS = 150;
const GRACE_SECONDS = 240;

const directory = mkdtempSync(join(tmpdir(), "changeover-fuzz-"));
const file = join(directory, "tally");
let failed = false;
if (values.seed !== undefined)
  failed = !(await stretch(
    { FUZZ_SEED: values.seed, ...(values.shrink ? { FUZZ_SHRINK: "1" } : {}) },
    Number.POSITIVE_INFINITY,
  ));
else {
  const end = Date.now() + Number(values.minutes ?? 2) * 60_000;
  const from = Number(values.from ?? Date.now() % 1_000_000_000);
  for (let left = end - Date.now(); left > 0; left = end - Date.now()) {
    const seconds = Math.ceil(Math.min(STRETCH_SECONDS, left / 1_000));
    const next = (/** @type {string} */ fuzzer) =>
      String(Math.max(from, ...tallied().flatMap((line) => (line.fuzzer === fuzzer ? [line.seed + 1] : []))));
    const passed = await stretch(
      {
        FUZZ_SECONDS: String(seconds),
        FUZZ_FIRST_capture: next("capture"),
        FUZZ_FIRST_sync: next("sync"),
        FUZZ_FIRST_kill: next("kill"),
      },
      seconds + GRACE_SECONDS,
    );
    failed ||= !passed;
  }
}
report();
rmSync(directory, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;

/**
 * @param {Record<string, string>} environment
 * @param {number} seconds
 * @returns {Promise<boolean>} whether all went well
 */
function stretch(environment, seconds) {
  return new Promise((done) => {
    const child = spawn(
      "npx",
      [
        "vitest",
        "run",
        "--reporter=dot",
        ...(values.only === undefined ? ["test/fuzz"] : [`test/fuzz/${values.only}.`]),
      ],
      { stdio: "inherit", detached: true, env: { ...process.env, ...environment, FUZZ_TALLY: file } },
    );
    const timer = Number.isFinite(seconds)
      ? setTimeout(() => {
          console.error("this stretch hangs and is ended; the last seeds that began are those without an end below");
          if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        }, seconds * 1_000)
      : undefined;
    child.on("close", (code) => {
      clearTimeout(timer);
      done(code === 0);
    });
  });
}

/** @returns {{ fuzzer: string, seed: number, done: boolean, tally: Record<string, number> }[]} */
function tallied() {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  } catch {
    writeFileSync(file, "");
    return [];
  }
}

function report() {
  const lines = tallied();
  for (const fuzzer of new Set(lines.map((line) => line.fuzzer))) {
    const own = lines.filter((line) => line.fuzzer === fuzzer);
    /** @type {Record<string, number>} */
    const totals = {};
    for (const { tally } of own)
      for (const [name, number] of Object.entries(tally)) totals[name] = (totals[name] ?? 0) + number;
    const seeds = own.filter(({ done }) => done).map(({ seed }) => seed);
    const unfinished = own.filter(({ done, seed }) => !done && !seeds.includes(seed)).map(({ seed }) => seed);
    console.log(
      `${fuzzer}: ${seeds.length} seeds from ${seeds[0]} to ${seeds.at(-1)}${Object.entries(totals)
        .map(([name, number]) => `, ${number} ${name}`)
        .join("")}${unfinished.length === 0 ? "" : `; not passed: ${unfinished.join(", ")}`}`,
    );
  }
}
