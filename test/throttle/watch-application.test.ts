import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { installCapture } from "../../src/capture/install.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { beginEpoch } from "../../src/rows/log-entries.ts";
import { whileWatched } from "../../src/run/watch-application.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { Throttle } from "../../src/throttle/throttle.ts";
import type { LoadSignal } from "../../src/throttle/throttle-policy.ts";
import { sqliteFile } from "../support/source.ts";

const RUN = { captured: true, phase: "syncing" } as const;
const EVERY_MS = 20;

class ObservedThrottle extends Throttle {
  wrote = 0;
  readonly writes: number[] = [];

  constructor() {
    super({ maxRate: null, report: () => {}, signal: new AbortController().signal });
  }

  override applicationWrote(): void {
    this.wrote++;
  }

  override observe(signal: LoadSignal): void {
    if (signal.kind === "write") this.writes.push(signal.durationMs);
  }
}

/** A captured source, its application, and what a throttle hears of both while `work` is done. */
async function heard(
  work: (application: { write(): Promise<void> }, source: Source) => Promise<void>,
  run: Parameters<typeof whileWatched>[1] = RUN,
): Promise<ObservedThrottle> {
  const { application, path } = await sqliteFile(
    "PRAGMA journal_mode = WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
  );
  const source = openSource({ url: path });
  const tables = (await source.read(readSchema)).tables.map((table) => ({
    id: 1,
    table,
    identity: chooseIdentity(table, undefined),
  }));
  await installCapture(source, { run: "test", target: "", tables });
  const throttle = new ObservedThrottle();
  const write = async () => void (await application.execute("INSERT INTO t(v) VALUES(1)"));
  await whileWatched(
    { source, throttle, signal: new AbortController().signal },
    run,
    () => work({ write }, source),
    EVERY_MS,
  );
  source.close();
  return throttle;
}

describe("while a phase works", () => {
  it("the throttle hears of an application that writes, and how long a write takes", async () => {
    const throttle = await heard(async (application) => {
      for (let write = 0; write < 10; write++) {
        await application.write();
        await delay(EVERY_MS);
      }
    });
    expect(throttle.wrote).toBeGreaterThan(1);
    expect(throttle.writes.length).toBe(throttle.wrote);
    for (const durationMs of throttle.writes) expect(durationMs).toBeGreaterThan(0);
  });

  it("it hears of nobody where only this program writes", async () => {
    const throttle = await heard(async (_, source) => {
      for (let write = 0; write < 10; write++) {
        await source.write(beginEpoch);
        await delay(EVERY_MS);
      }
    });
    expect(throttle).toMatchObject({ wrote: 0, writes: [] });
  });

  it("nobody is watched behind the fence, or without capture", async () => {
    for (const run of [
      { captured: true, phase: "cut-over" },
      { captured: false, phase: "syncing" },
    ] as const) {
      const throttle = await heard(async (application) => {
        for (let write = 0; write < 5; write++) {
          await application.write();
          await delay(EVERY_MS);
        }
      }, run);
      expect(throttle).toMatchObject({ wrote: 0, writes: [] });
    }
  });
});
