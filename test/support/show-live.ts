// Draws the live view in the terminal that it runs in, with a clock that stands still, and waits.
import { createLogUpdate } from "log-update";
import { LiveView } from "../../src/cli/live-view.ts";
import type { ProgressEvent } from "../../src/events.ts";

let now = 0;
const view = new LiveView({
  stream: process.stderr,
  redraw: createLogUpdate(process.stderr, { showCursor: true }),
  hasColor: false,
  now: () => now,
});
const progress = (detail: string, done: number, part: ProgressEvent["part"]): void =>
  view.progress({
    type: "progress",
    phase: "copy",
    at: "2026-01-01T00:00:00Z",
    done,
    total: 2_400_000,
    unit: "rows",
    detail,
    part,
  });

view.print("copying 3 tables");
progress("customer", 0, { done: 0, total: 400_000 });
progress("a_table_with_quite_a_long_name", 0, { done: 0, total: 2_000_000 });
now = 10_000;
progress("customer", 300_000, { done: 300_000, total: 400_000 });
view.print("another process has held the source's lock for 3 s: waiting for it");
progress("a_table_with_quite_a_long_name", 1_200_000, { done: 900_000, total: 2_000_000 });
view.follow(1_234);
setTimeout(() => {}, 60_000);
