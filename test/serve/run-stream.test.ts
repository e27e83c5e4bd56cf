import { expect, it, onTestFinished } from "vitest";
import { type Observed, Observer } from "../../src/serve/observe.ts";
import { RunStream, type StreamEvent } from "../../src/serve/run-stream.ts";
import type { Status, StatusTable } from "../../src/status/status.ts";
import { migrationThatAnswers, statusOf } from "./observed.ts";

const table = (name: string, copied: number): StatusTable => ({
  table: name,
  rows: 1_000,
  copied,
  done: false,
  compared: null,
  comparedAt: null,
});

function streamOf(status: () => Status, observed: Partial<Observed> = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const options = { everyMs: 10, signal: stop.signal };
  return new RunStream(new Observer({ ...migrationThatAnswers(status), ...observed }, options));
}

/** A viewer that reads what it is sent, after `wait`. */
function viewer(stream: RunStream, wait: () => Promise<void> = async () => {}) {
  const events: StreamEvent[] = [];
  const end = stream.listen(async (event) => {
    events.push(event);
    await wait();
  });
  onTestFinished(end);
  return events;
}

const parsed = ({ data }: StreamEvent) => JSON.parse(data) as { status?: Record<string, unknown>; sample: unknown };

it("sends all of it once, and from then on what has changed", async () => {
  let copied = 0;
  const events = viewer(streamOf(() => statusOf({ tables: [table("a", ++copied), table("b", 5)] })));
  await expect.poll(() => events.length).toBeGreaterThan(4);
  expect(events.slice(0, 4).map(({ event }) => event)).toEqual(["samples", "observation", "change", "change"]);
  const [, whole, change] = events;
  if (whole === undefined || change === undefined) throw new Error("nothing was sent");
  expect(parsed(whole).status?.["tables"]).toHaveLength(2);
  expect(parsed(change).status).toEqual({ changed_tables: [expect.objectContaining({ table: "a", copied: 2 })] });
});

it("costs a viewer of 1,000 tables a hundredth of them while nothing happens", async () => {
  const tables = Array.from({ length: 1_000 }, (_, index) => table(`table_${index}`, 7));
  const events = viewer(streamOf(() => statusOf({ tables })));
  await expect.poll(() => events.length).toBeGreaterThan(3);
  const [, whole, change] = events;
  expect(whole?.data.length).toBeGreaterThan(90_000);
  expect(change?.data.length).toBeLessThan(900);
});

it("makes each event once for ten viewers, and asks the target once for all of them", async () => {
  let asked = 0;
  const stream = streamOf(() => statusOf({ watermark: ++asked }));
  const all = Array.from({ length: 10 }, () => viewer(stream));
  await expect.poll(() => Math.min(...all.map((events) => events.length))).toBeGreaterThan(5);
  const most = Math.max(...all.map((events) => events.length));
  expect(asked).toBeLessThanOrEqual(most);
  const third = all.map((events) => events[2]);
  expect(new Set(third.map((event) => event?.data)).size).toBe(1);
});

it("keeps nothing for a viewer that reads too slowly: it is sent all of it again when it reads", async () => {
  let watermark = 0;
  let read = () => {};
  const stream = streamOf(() => statusOf({ watermark: ++watermark }));
  const slow = viewer(stream, () => new Promise((resolve) => (read = resolve)));
  const quick = viewer(stream);
  await expect.poll(() => quick.length).toBeGreaterThan(8);
  expect(slow).toHaveLength(1);
  read();
  await expect.poll(() => slow.length).toBe(2);
  await expect.poll(() => quick.length).toBeGreaterThan(14);
  read();
  await expect.poll(() => slow.length).toBe(3);
  expect(slow.map(({ event }) => event)).toEqual(["samples", "observation", "observation"]);
});

it("begins with what the run measured before anybody looked", async () => {
  const load = { lag: 9, replayed: 0, compared: 0, logBytes: 4_096, walBytes: null, applicationWaitMs: 12 };
  const past = [0, 2].map((second) => ({
    ...load,
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    copied: second * 100,
    lockWaitMs: 0,
    share: 1,
  }));
  const events = viewer(streamOf(() => statusOf({}), { samples: async () => past }));
  await expect.poll(() => events.length).toBeGreaterThan(1);
  expect(JSON.parse(events[0]?.data ?? "")).toEqual([
    expect.objectContaining({ lag: 9, copied: 0, log_bytes: 4_096, application_wait_ms: 12 }),
    expect.objectContaining({ copied: 100 }),
  ]);
});
