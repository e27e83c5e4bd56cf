import { expect, it } from "vitest";
import type { ReportData } from "../../src/report/collect-report.ts";
import { EventRecord } from "../../src/report/event-record.ts";
import { ratesOf } from "../../src/report/rates-of-work.ts";
import { renderPlot, renderTimeline } from "../../src/report/render-plot.ts";
import { renderReport } from "../../src/report/render-report.ts";
import { statusOf } from "../serve/observed.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function data(given: Partial<ReportData> = {}): ReportData {
  return {
    at: at(0),
    version: "1.2.3",
    status: statusOf({}),
    tables: [],
    history: [],
    notices: [],
    quarantine: [],
    events: new EventRecord(),
    samples: [],
    timeline: [],
    ...given,
  };
}

it("has what a board asks: what, by whom, compared how, left out, and what comes next", async () => {
  const text = await renderReport(
    data({
      status: statusOf({
        phase: "cut-over",
        downtimeMs: 86,
        verified: { rows: 50, differences: 0 },
        verification: { pass: 1, rows: 50, differences: 0, startedAt: at(1), endedAt: at(2) },
      }),
      tables: [
        {
          source: "Order",
          target: { schema: "public", name: "orders" },
          rows: 50,
          copied: 1_234,
          done: true,
          bytes: 12_345_678,
          columns: [{ source: "total", target: "total", type: "numeric(10,2)", expression: "total / 100.0" }],
        },
      ],
      quarantine: [{ table: "Order", rows: 3, values: 1 }],
    }),
  );
  for (const part of [
    "Downtime",
    "86 ms",
    "50 rows compared, 0 differences",
    "public.orders",
    "1,234",
    "12.3 MB",
    "numeric(10,2)",
    "total / 100.0",
    "changeover complete",
    "There is no failback",
    "changeover 1.2.3",
  ])
    expect(text).toContain(part);
});

it("draws lag, throughput and loads of the whole run, whoever asks for it afterwards", async () => {
  const sample = { copied: 0, replayed: 0, compared: 0, logBytes: 4_096, walBytes: null, applicationWaitMs: 0.4 };
  const samples = [0, 2, 4].map((second, index) => ({ ...sample, time: Date.parse(at(second)), lag: index * 70 }));
  const text = await renderReport(data({ samples }));
  expect(text).toContain("Lag: at most 140 changes, over 4.0 s");
  expect(text).toContain("Change log: at most 4,096 bytes");
  expect(text).not.toContain("Copied: at most");
  expect(text).not.toContain("write-ahead log: at most");
});

it("is one file: it asks nothing of any other address", async () => {
  expect(await renderReport(data())).not.toMatch(/(src|href)=|url\(|@import|<script/i);
});

it("escapes names and messages, wherever they come from", async () => {
  const evil = `<img src=x onerror=alert(1)>"'&`;
  const events = new EventRecord();
  events.add({ type: "step", phase: "copy", at: at(0), message: evil });
  const text = await renderReport(
    data({
      events,
      status: statusOf({ source: evil }),
      tables: [
        {
          source: evil,
          target: { schema: evil, name: evil },
          rows: 0,
          copied: 0,
          done: false,
          bytes: null,
          columns: [{ source: evil, target: evil, type: evil, expression: evil }],
        },
      ],
      notices: [
        {
          kind: "view",
          name: evil,
          table: evil,
          change: "left-out",
          code: "VIEW_NOT_TRANSLATED",
          reason: evil,
          hint: "",
          confirmedBy: null,
        },
      ],
      quarantine: [{ table: evil, rows: 1, values: 0 }],
    }),
  );
  expect(text).not.toContain("<img");
  expect(text.split("&lt;img").length).toBeGreaterThan(8);
});

it("draws the rates of what the command reported", () => {
  const events = new EventRecord();
  for (const [second, done] of [
    [0, 0],
    [1, 100],
    [2, 400],
    [3, 50],
  ] as const)
    events.add({
      type: "progress",
      phase: "copy",
      at: at(second),
      done,
      total: 1_000,
      unit: "rows",
      detail: null,
      part: null,
    });
  const rates = ratesOf(events.samples).get("copy");
  expect(rates?.points.map(({ value }) => value)).toEqual([100, 300]);
  expect(renderPlot({ title: "copy", unit: "rows/s", points: rates?.points ?? [] })).toContain("at most 300 rows/s");
  expect(renderPlot({ title: "copy", unit: "rows/s", points: [] })).toBeNull();
});

it("keeps four a second of what a sync reports in weeks, and no more than it can hold", () => {
  const events = new EventRecord();
  for (let n = 0; n < 50_000; n++) {
    const time = new Date(Date.UTC(2026, 0, 1) + n * 100).toISOString();
    events.add({
      type: "progress",
      phase: "replay",
      at: time,
      done: n,
      total: 1e9,
      unit: "changes",
      detail: null,
      part: null,
    });
    events.add({ type: "step", phase: "replay", at: time, message: "again" });
  }
  expect(events.samples.length).toBeLessThanOrEqual(4_000);
  expect(events.samples.length).toBeGreaterThan(1_000);
  expect(events.steps).toHaveLength(500);
});

it("draws the steps behind the fence in proportion", () => {
  const text = renderTimeline([
    { step: "log-drained", durationMs: 30 },
    { step: "fence-sealed", durationMs: 10 },
  ]);
  expect(text).toContain('x="0.0" y="6" width="480.0"');
  expect(text).toContain('x="480.0" y="6" width="160.0"');
  expect(renderTimeline([])).toBeNull();
});
