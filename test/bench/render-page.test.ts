import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { PeerResult } from "../../bench/peers.ts";
import type { Recorded, RecordedShape } from "../../bench/recorded.ts";
import { renderPage } from "../../bench/render-page.ts";

const PLACE = { when: "2026-12-01", machine: "2 × processor, 8 GB, Node v20", server: "PostgreSQL 15" };
const DONE = (seconds: number): PeerResult => ({ kind: "done", seconds, peak_mb: 600 });

function shape(
  title: string,
  seconds: number,
  peers: { readonly comes: PeerResult; readonly tuned: PeerResult },
): RecordedShape {
  const ours = { cpu_seconds: 1, copy_seconds: 1, verify_seconds: 1, largest_mb: 150, together_mb: 120 };
  return {
    ...PLACE,
    name: title,
    title,
    scale: 1,
    without_peers: null,
    rounds: [1, 2, 3].map((seed) => ({
      seed,
      bytes: 50e6,
      rows: 1_000,
      load: 0.5,
      ours: { ...ours, seconds: seconds + seed },
      pgloader: peers.comes,
      pgloader_tuned: peers.tuned,
    })),
  };
}

const recorded = (...shapes: readonly RecordedShape[]): Recorded => ({
  shapes,
  application: null,
  backlog: null,
  downtime: null,
});

/** What the page says first. */
function admitted(page: string): string {
  return page.slice(page.indexOf("## Where it falls short"), page.indexOf("## Method"));
}

describe("the page of the bench", () => {
  it("says first where a peer is faster, the worst first, by the faster of its turns", () => {
    const page = renderPage(
      recorded(
        shape("wide", 8, { comes: DONE(20), tuned: DONE(5) }),
        shape("narrow", 1, { comes: DONE(12), tuned: DONE(10) }),
        shape("blobs", 8, { comes: DONE(2.5), tuned: DONE(4) }),
      ),
    );
    expect(admitted(page)).toMatch(
      /- blobs: 4\.00 of the time of pgloader\.\n- wide: 2\.00 of the time of pgloader\.\n- Not measured yet: mixed/,
    );
    expect(admitted(page)).not.toContain("narrow");
    expect(page).toContain(
      "| wide | 50 MB, 1,000 rows | 3 | 10.0 s (9.0 to 11.0) | 20.0 s (20.0 to 20.0) | 5.0 s (5.0 to 5.0) | 2.00 " +
        "(1.80 to 2.20) |",
    );
  });

  it("compares with no peer that failed, and with one that was stopped by the time that it had", () => {
    const failed = shape("failed", 8, {
      comes: { kind: "failed", why: "heap" },
      tuned: { kind: "failed", why: "heap" },
    });
    const stopped = shape("stopped", 8, {
      comes: { kind: "timeout", seconds: 120 },
      tuned: { kind: "failed", why: "heap" },
    });
    const page = renderPage(recorded(failed, stopped));
    expect(page).toContain("| failed | 50 MB, 1,000 rows | 3 | 10.0 s (9.0 to 11.0) | failed | failed |  |");
    expect(page).toContain("| over 120 s | failed | 0.08 (0.07 to 0.09) |");
  });

  it("says that memory, verification and a busy machine fall short", () => {
    const one = shape("reals", 1, { comes: DONE(10), tuned: DONE(10) });
    const [round] = one.rounds;
    if (round === undefined) throw new Error("no round");
    const bad = { ...round, load: 9, ours: { ...round.ours, verify_seconds: 3, largest_mb: 230 } };
    expect(admitted(renderPage(recorded({ ...one, rounds: [bad] })))).toMatch(
      new RegExp(
        "reals: verification takes 3\\.0 times[^]*reals: 230 MB, 120 MB of memory[^]*" +
          "reals: measured on a machine with other work",
      ),
    );
  });

  it("is the page in docs, written from what is recorded", () => {
    const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
    expect(read("docs/performance.md")).toBe(renderPage(JSON.parse(read("bench/recorded.json")) as Recorded));
  });
});
