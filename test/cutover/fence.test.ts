import { expect, it, onTestFinished } from "vitest";
import { raiseFence, sealFence } from "../../src/cutover/fence.ts";
import { openSource } from "../../src/db/source.ts";
import { LOG_TABLE } from "../../src/model/change-log.ts";
import { sqliteFile } from "../support/source.ts";

it("waits for the disk when it is sealed, and not when it goes up: that would be part of the downtime, and a fence needs no more life than who raised it", async () => {
  const { path } = await sqliteFile(`CREATE TABLE "${LOG_TABLE}"(seq INTEGER PRIMARY KEY, tbl INTEGER)`);
  let waited = 0;
  const source = openSource({ url: path, untilOnDisk: async () => void waited++ });
  onTestFinished(() => source.close());
  const drained = await raiseFence(source, { mappings: [], location: "elsewhere", seconds: 60, patience: 1_000 });
  expect(waited).toBe(0);
  await sealFence(source, drained, 1_000);
  expect(waited).toBe(1);
});
