// The fuzzers, which `npm test` leaves out: npm run fuzz -- --minutes 10, or --seed 123 to see one failure again.
// @ts-check
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
const child = spawn("npx", ["vitest", "run", "test/fuzz"], {
  stdio: "inherit",
  env: { ...process.env, CHANGEOVER_FUZZ: "1", ...(values.seed === undefined ? { FUZZ_MINUTES: values.minutes ?? "2" } : { FUZZ_SEED: values.seed }) },
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
