import { expect, it } from "vitest";
import type { RunTable } from "../../src/api/read-tables.ts";
import { logLine } from "../../src/cli/log-line.ts";
import { renderTicketTable, TicketRecord } from "../../src/cli/ticket-table.ts";
import type { ProgressEvent } from "../../src/events.ts";

const table = (source: string, copied: number): RunTable => ({
  source,
  target: { schema: "public", name: source },
  rows: copied,
  copied,
  done: true,
  bytes: 8_192,
  columns: [],
});

const event = (phase: ProgressEvent["phase"], at: string, detail: string, done: number): ProgressEvent => ({
  type: "progress",
  phase,
  at: `2026-01-01T00:00:${at}Z`,
  done,
  total: 1_000,
  unit: "rows",
  detail,
  part: { done, total: 1_000 },
});

it("ends a command with a table that a ticket takes: rows, bytes, time, rate, verified, differences", () => {
  const record = new TicketRecord();
  for (const seen of [
    event("copy", "00.000", "customer", 0),
    event("copy", "02.000", "customer", 1_000),
    event("verify", "03.000", "customer", 1_000),
  ])
    record.listener(seen);
  const tables = [table("customer", 1_000), table("a|b", 0)];
  expect(renderTicketTable({ tables, record, differences: new Map([["customer", 2]]) })).toBe(
    [
      "| table    |  rows |  bytes |  time | rows/s | verified | differences |",
      "| -------- | ----: | -----: | ----: | -----: | -------: | ----------: |",
      "| customer | 1,000 | 8.2 kB | 2.0 s |    500 |    1,000 |           2 |",
      "| a\\|b     |     0 | 8.2 kB |       |        |          |             |",
    ].join("\n"),
  );
});

it("says nothing of differences where nothing was compared", () => {
  const record = new TicketRecord();
  record.listener(event("copy", "00.000", "customer", 0));
  const text = renderTicketTable({ tables: [table("customer", 1)], record, differences: null });
  expect(text.split("\n")[2]).toMatch(/\|\s+\|\s+\|$/);
});

it("writes each message as a line with its time, or as JSON", () => {
  const warning = {
    type: "warning",
    phase: "copy",
    at: "2026-01-01T00:00:00.123Z",
    message: "slow",
    code: null,
  } as const;
  expect(logLine(warning, "warning: slow", "text")).toBe("2026-01-01T00:00:00Z warning: slow");
  expect(JSON.parse(logLine(warning, "warning: slow", "json"))).toEqual({ level: "warning", ...warning });
});
