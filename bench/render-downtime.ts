import { type Downtime, MEMORY_PHASES, MOST_MS, MUCH_LOAD, type Waits } from "./downtime.ts";

/** For a terminal: one line for each size and direction. */
export function renderDowntime(sizes: readonly Downtime[]): string {
  return sizes
    .map((one) =>
      (["cutover", "return"] as const)
        .map(
          (way) =>
            `${(one[way].median < MOST_MS ? "met" : "not met").padEnd(8)}  ${way} of ${one.size} under ` +
            `${one.reached.toLocaleString("en")} writes/s: no write taken for ${waits(one[way])} (${one.rounds} ` +
            `rounds, load ${one.load.toFixed(1)}; wanted: median below ${MOST_MS} ms)\n`,
        )
        .join(""),
    )
    .join("");
}

/** For docs/performance.md. */
export function renderDowntimePage(sizes: readonly Downtime[]): string[] {
  const busy = sizes.filter(({ load }) => load > MUCH_LOAD).map(({ size }) => size);
  return [
    "| size | rounds | writes/s | cutover: median (least to most) | return: median (least to most) | a cutover " +
      "takes | a return takes | load |",
    "|---|---|---|---|---|---|---|---|",
    ...sizes.map(
      (one) =>
        "| " +
        ([
          one.size,
          one.rounds,
          one.reached.toLocaleString("en"),
          waits(one.cutover),
          waits(one.return),
          seconds(one.seconds.cutover),
          seconds(one.seconds.return),
          one.load.toFixed(1),
        ].join(" | ") +
          " ") +
        "|",
    ),
    "",
    `Wanted: medians below ${MOST_MS} ms, whatever the size. ` +
      `${met(sizes)}${busy.length === 0 ? "" : ` Measured under a load above ${MUCH_LOAD}: ${busy.join(", ")}.`}`,
    "",
    "Peak memory of the command, in MB: all of its processes together, and the largest of them.",
    "",
    `| size | ${MEMORY_PHASES.join(" | ")} |`,
    `|---${"|---".repeat(MEMORY_PHASES.length)}|`,
    ...sizes.map(
      ({ size, memory }) =>
        "| " +
        ([
          size,
          ...MEMORY_PHASES.map(
            (phase) => `${Math.round(memory[phase].together)} (${Math.round(memory[phase].largest)})`,
          ),
        ].join(" | ") +
          " ") +
        "|",
    ),
  ];
}

function met(sizes: readonly Downtime[]): string {
  const short = sizes.flatMap((one) =>
    (["cutover", "return"] as const).filter((way) => one[way].median >= MOST_MS).map((way) => `${way} of ${one.size}`),
  );
  return short.length === 0 ? "Met." : `Not met: ${short.join(", ")}.`;
}

const waits = ({ median, least, most }: Waits) => `${median} ms (${least} to ${most})`;
const seconds = (value: number | null) => (value === null ? "" : `${value.toFixed(value < 10 ? 1 : 0)} s`);
