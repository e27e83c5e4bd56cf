import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { ReadHashes } from "../../src/verify/read-hashes.ts";
import { temporaryDirectory } from "../support/source.ts";

const PAGES = Array.from({ length: 400 }, (_, page) =>
  Float64Array.from({ length: 1_000 }, (_, row) => 2 ** 52 + (page * 1_000 + row) * 7),
);

async function filled(maxInMemory: number): Promise<ReadHashes> {
  const read = new ReadHashes({ maxInMemory });
  onTestFinished(() => read.close());
  for (const page of PAGES) expect(await read.add(page)).toBe("added");
  return read;
}

it.each([
  ["in memory", 1_000_000],
  ["in a file, but for the last of them", 150_500],
  ["in a file", 999],
])("knows every row that was read, and no other: %s", async (_, maxInMemory) => {
  const read = await filled(maxInMemory);
  const asked = new Map(
    PAGES.flatMap((page) =>
      [page[0], page[999]].flatMap((key = 0) => [[key, "read"] as const, [key + 1, "not read"] as const]),
    ),
  );
  await read.removeFrom(asked);
  expect(new Set(asked.values())).toEqual(new Set(["not read"]));
  expect(asked.size).toBe(800);
});

it("leaves nothing behind, not even while the file is in use", async () => {
  const directory = temporaryDirectory();
  vi.stubEnv("TMPDIR", directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  const read = await filled(10_000);
  expect(readdirSync(directory)).toEqual([]);
  await read.close();
  expect(readdirSync(directory)).toEqual([]);
});

it("says so where there is no room for a file", async () => {
  const missing = join(temporaryDirectory(), "missing");
  vi.stubEnv("TMPDIR", missing);
  onTestFinished(() => void vi.unstubAllEnvs());
  const read = new ReadHashes({ maxInMemory: 1_500 });
  expect(await read.add(PAGES[0] as Float64Array)).toBe("added");
  expect(await read.add(PAGES[1] as Float64Array)).toBe("no room");
  expect(existsSync(missing)).toBe(false);
  await read.close();
});
