import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const CHURN = fileURLToPath(new URL("../support/churn.ts", import.meta.url));

function faults(...args: readonly string[]): number {
  return Number(execFileSync(process.execPath, ["--import", "jiti/register", CHURN, ...args], { encoding: "utf8" }));
}

// Another C library keeps to its own ways.
const isGlibc =
  (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime !== undefined;

it.runIf(isGlibc)("memory that was freed is kept for what comes next", () => {
  // glibc may learn it by chance, when V8 happens to free a large piece: on a busy machine once in a hundred times.
  const three = (...args: readonly string[]) => [1, 2, 3].map(() => faults(...args));
  expect(Math.min(...three("keep"))).toBeLessThan(Math.max(...three()) / 2);
});
