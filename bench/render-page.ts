import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MOST_MS, MUCH_LOAD } from "./downtime.ts";
import { median } from "./measure.ts";
import type { PeerResult } from "./peers.ts";
import type { Circumstances, Recorded, RecordedShape, ShapeRound } from "./recorded.ts";
import { renderDowntimePage } from "./render-downtime.ts";
import { renderPeer, verdict } from "./render-terminal.ts";
import type { Row } from "./row.ts";
import { SAMPLE_SHAPES } from "./sample-shapes.ts";

const PAGE = fileURLToPath(new URL("../docs/performance.md", import.meta.url));

/** What is aimed at: worse than that is said in the first paragraph. */
const AIMS = { ratio: 1, verification: 1.2, largestMb: 200, togetherMb: 400 };

export function writePage(recorded: Recorded): void {
  writeFileSync(PAGE, renderPage(recorded));
}

/** All of docs/performance.md. */
export function renderPage(recorded: Recorded): string {
  const { application, backlog, downtime, shapes } = recorded;
  return [
    "# Performance",
    "",
    "This page is written by `npm run bench -- --docs`.",
    "",
    "## Where it falls short",
    "",
    ...shortcomings(recorded).map((one) => `- ${one}`),
    "",
    "## Method",
    "",
    "Whole processes are measured against whole processes, in turns, on one machine and one server. `changeover " +
      "full` " +
      "runs with its defaults, and also verifies every row and cuts over. pgloader does neither. It has one turn " +
      "with " +
      "its defaults, and one with four workers and larger batches. Each round has new data from a new seed, and what " +
      "arrives is checked by a way of the bench's own.",
    "",
    "Ratios say more than seconds. Machines differ by a factor of two, and one machine by a third within minutes.",
    "",
    "## A whole migration, by shape",
    "",
    ...shapeTable(shapes),
    "",
    "Times are the median of the rounds, then the least and the most. _Ratio_: of the time of the faster pgloader, " +
      "round by round. _Verification_: of the time of the copy. _Memory_: the largest process, and all together, " +
      "where " +
      "what they share counts once.",
    "",
    ...section("A backlog of changes", backlog),
    ...section("The application meanwhile", application),
    ...(downtime === null
      ? []
      : [
          "## Downtime by size",
          "",
          circumstancesOf(downtime),
          "",
          "The downtime is the time between the last write that one database took and the first that the other " +
            "took, as " +
            "the application sees it. No acknowledged write may be missing or doubled.",
          "",
          ...renderDowntimePage(downtime.sizes),
          "",
        ]),
    // Measured by test/scenario/latency.long.test.ts's proxy, apart from the other shapes.
    readFileSync(new URL("far-away.md", import.meta.url), "utf8"),
    "## Advice",
    "",
    "Let changeover run near the source, with two processors or more. Use SQLite's WAL: with a rollback journal " +
      "readers " +
      "and writers wait for each other. An application at its limit with `synchronous = NORMAL` loses what one " +
      "trigger " +
      "costs; set `--max-rate` if the copy is too much for it. Downtime follows the rate of changes, so cut over " +
      "when " +
      "little is written. For several gigabytes see [Large databases](guides/large-databases.md).",
    "",
    "What was tried and did not help, and where the time goes, is in [bench/NOTES.md](../bench/NOTES.md).",
    "",
  ].join("\n");
}

/** What is worse than a peer or than its aim, the worst first of its sort. */
function shortcomings({ application, backlog, downtime, shapes }: Recorded): string[] {
  const found = [
    ...shapes
      .map((shape) => ({ shape, ratio: median(ratios(shape)) }))
      .filter(({ ratio }) => ratio > AIMS.ratio)
      .sort((one, other) => other.ratio - one.ratio)
      .map(({ ratio, shape }) => `${shape.title}: ${ratio.toFixed(2)} of the time of pgloader.`),
    ...shapes
      .map((shape) => ({ shape, ratio: median(shape.rounds.map(verification)) }))
      .filter(({ ratio }) => ratio > AIMS.verification)
      .sort((one, other) => other.ratio - one.ratio)
      .map(({ ratio, shape }) => `${shape.title}: verification takes ${ratio.toFixed(1)} times as long as the copy.`),
    ...shapes
      .filter(
        ({ rounds }) => most(rounds, "largest_mb") > AIMS.largestMb || most(rounds, "together_mb") > AIMS.togetherMb,
      )
      .map(({ rounds, title }) => `${title}: ${memory(rounds)} of memory.`),
    ...[...(backlog?.rows ?? []), ...(application?.rows ?? [])]
      .filter(({ meets }) => meets === false)
      .map((row) => `${row.what}: ${row.ours}, ${row.wanted} was wanted.`),
    ...(downtime?.sizes ?? []).flatMap((one) =>
      (["cutover", "return"] as const)
        .filter((way) => one[way].median >= MOST_MS)
        .map((way) => `${way} of ${one.size}: ${one[way].median} ms of downtime.`),
    ),
    ...(downtime?.sizes ?? [])
      .filter(({ memory: phases }) => Object.values(phases).some(({ largest }) => largest > AIMS.largestMb))
      .map(({ size }) => `${size}, with an application: more than ${AIMS.largestMb} MB of memory in one process.`),
    ...shapes
      .filter(({ rounds }) => rounds.some(({ load }) => load > MUCH_LOAD))
      .map(({ title }) => `${title}: measured on a machine with other work, so the figures say little.`),
  ];
  const missing = SAMPLE_SHAPES.filter(({ name }) => !shapes.some((shape) => shape.name === name));
  if (missing.length > 0) found.push(`Not measured yet: ${missing.map(({ name }) => name).join(", ")}.`);
  return found.length === 0 ? ["Nowhere, in what was measured."] : found;
}

function shapeTable(shapes: readonly RecordedShape[]): string[] {
  const [first] = shapes;
  if (first === undefined) return ["Not measured yet."];
  return [
    circumstancesOf(first),
    "",
    "| shape | size | rounds | `changeover full` | pgloader | pgloader tuned | ratio | verification | memory |",
    "|---|---|---|---|---|---|---|---|---|",
    ...shapes.map(shapeRow),
  ];
}

function shapeRow(shape: RecordedShape): string {
  const { rounds, title } = shape;
  const [round] = rounds;
  const cells = [
    title,
    round === undefined ? "" : `${Math.round(round.bytes / 1e6)} MB, ${round.rows.toLocaleString("en")} rows`,
    String(rounds.length),
    spread(
      rounds.map(({ ours }) => ours.seconds),
      " s",
    ),
    shape.without_peers ?? peers(rounds.map((one) => one.pgloader)),
    shape.without_peers === null ? peers(rounds.map((one) => one.pgloader_tuned)) : "",
    ratios(shape).length === 0 ? "" : spread(ratios(shape), "", 2),
    spread(rounds.map(verification), "", 1),
    memory(rounds),
  ];
  return `| ${cells.join(" | ")} |`;
}

function memory(rounds: readonly ShapeRound[]): string {
  return `${most(rounds, "largest_mb")} MB, ${most(rounds, "together_mb")} MB`;
}

const most = (rounds: readonly ShapeRound[], figure: "largest_mb" | "together_mb") =>
  Math.max(...rounds.map(({ ours }) => ours[figure]));

const verification = ({ ours }: ShapeRound) => ours.verify_seconds / ours.copy_seconds;

/** Of the faster peer of each round that ended, or was still at it when it was stopped. */
function ratios({ rounds }: RecordedShape): number[] {
  return rounds.flatMap(({ ours, pgloader, pgloader_tuned: tuned }) => {
    const times = [pgloader, tuned].flatMap((peer) => (peer === null || peer.kind === "failed" ? [] : peer.seconds));
    return times.length === 0 ? [] : ours.seconds / Math.min(...times);
  });
}

function peers(results: readonly (PeerResult | null)[]): string {
  const done = results.flatMap((one) => (one?.kind === "done" ? one.seconds : []));
  return done.length === results.length ? spread(done, " s") : [...new Set(results.map(renderPeer))].join(", ");
}

/** Median, least and most. */
function spread(values: readonly number[], unit: string, digits = 1): string {
  const [middle, least, largest] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return values.length < 2 ? `${middle}${unit}` : `${middle}${unit} (${least} to ${largest})`;
}

function section(title: string, measured: (Circumstances & { readonly rows: readonly Row[] }) | null): string[] {
  if (measured === null) return [];
  return [
    `## ${title}`,
    "",
    circumstancesOf(measured),
    "",
    "| what | against | wanted | | ours | theirs |",
    "|---|---|---|---|---|---|",
    ...measured.rows.map((row) => {
      const cells = [row.what, row.against, row.wanted, verdict(row), row.ours, row.theirs];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    }),
    "",
  ];
}

const circumstancesOf = ({ machine, server, when }: Circumstances) => `${when}: ${machine}; ${server}.`;
