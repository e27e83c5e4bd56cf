import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { makeShape } from "../../bench/make-shape.ts";
import { measure } from "../../bench/measure.ts";
import { SAMPLE_SHAPES } from "../../bench/sample-shapes.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

const BIN = fileURLToPath(new URL("../../bin/changeover.js", import.meta.url));

/** The most memory that `full` takes, MB. */
async function memoryOfFull(
  name: string,
  more: readonly string[] = [],
): Promise<{ largest: number; together: number }> {
  const shape = SAMPLE_SHAPES.find((one) => one.name === name);
  if (shape === undefined) throw new Error(`no shape ${name}`);
  const directory = temporaryDirectory(afterAll);
  const source = join(directory, "app.db");
  makeShape(source, shape, { scale: 1, seed: 7 });
  const args = ["full", "--yes", "--source", source, "--target", await emptyDatabase(), ...more];
  const ended = await measure(process.execPath, [BIN, ...args], { cwd: directory, phase: () => "full" });
  expect(ended.code, ended.stderr).toBe(0);
  const { together = 0, largest = 0 } = ended.memory.full ?? {};
  return { largest: Math.max(largest, ended.peakMb), together };
}

// Wide rows, blobs and reals took 205 to 240 MB before V8's nursery was kept small.
describe.runIf(process.platform === "linux")("the memory of `full`", () => {
  for (const name of ["mixed", "wide", "blobs"])
    it(`is at most 200 MB for ${name}`, async () => {
      expect((await memoryOfFull(name)).largest).toBeLessThanOrEqual(200);
    });

  it("is at most 200 MB a process, and 400 MB for four of them", async () => {
    const { largest, together } = await memoryOfFull("mixed", ["--jobs", "4"]);
    expect(largest).toBeLessThanOrEqual(200);
    expect(together).toBeGreaterThan(100);
    expect(together).toBeLessThanOrEqual(400);
  });
});
