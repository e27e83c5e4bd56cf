import { appendFileSync } from "node:fs";

const file = process.env["FUZZ_TRACE"];

/** Notes what happens and when, ms, in the file FUZZ_TRACE, to see how a seed went. */
export function trace(text: string): void {
  if (file !== undefined) appendFileSync(file, `${performance.now().toFixed(0)} ${text.replace(/\s+/g, " ").slice(0, 300)}\n`);
}
