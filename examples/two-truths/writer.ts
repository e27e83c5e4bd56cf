import { realpathSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { keepWriting } from "./keep-writing.ts";

const USAGE =
  "usage: writer --db file.db [--rate 0] [--seconds 0] [--journal file.jsonl] [--seed n] [--busy-timeout 5000] [--stop-when-fenced] [--quiet]";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      db: { type: "string" },
      rate: { type: "string", default: "0" },
      seconds: { type: "string", default: "0" },
      journal: { type: "string" },
      seed: { type: "string" },
      "busy-timeout": { type: "string", default: "5000" },
      "stop-when-fenced": { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
    },
  });
  if (values.db === undefined) throw new Error(USAGE);
  realpathSync(values.db); // libsql would create a file that is not there
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const summary = await keepWriting({
    db: values.db,
    rate: number(values.rate, "--rate"),
    seconds: number(values.seconds, "--seconds"),
    busyTimeout: number(values["busy-timeout"], "--busy-timeout"),
    stopWhenFenced: values["stop-when-fenced"],
    signal: stop.signal,
    say: values.quiet ? () => {} : (message) => process.stderr.write(`${message}\n`),
    ...(values.journal === undefined ? {} : { journal: values.journal }),
    ...(values.seed === undefined ? {} : { seed: number(values.seed, "--seed") }),
  });
  process.stdout.write(
    `${JSON.stringify(summary, (_, value: unknown) => (typeof value === "number" ? Number(value.toFixed(3)) : value))}\n`,
  );
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new Error(`${option} wants a number, not "${text}"`);
  return value;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
