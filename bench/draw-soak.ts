import type { Sample } from "./soak.ts";

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly value: (sample: Sample, before: Sample | undefined) => number;
}

const PANELS: readonly Panel[] = [
  {
    title: "transactions of the application",
    unit: "a second",
    value: (sample, before) =>
      before === undefined ? 0 : (sample.committed - before.committed) / (sample.at - before.at),
  },
  { title: "lag: changes that the target does not hold yet", unit: "entries", value: ({ lag }) => lag },
  { title: "change log in the source", unit: "entries", value: ({ logEntries }) => logEntries },
  { title: "WAL of the source, in use", unit: "MB", value: ({ walMb }) => walMb },
  { title: "resident memory of the sync", unit: "MB", value: ({ residentMb }) => residentMb },
  { title: "longest transaction of the application", unit: "ms", value: ({ longestMs }) => longestMs },
];

const WIDTH = 900;
const HEIGHT = 120;
const LEFT = 70;
const GAP = 44;
const COLUMNS = 600;

/** Draws the soak's samples as SVG: one panel for each quantity, time from left to right, maxima per pixel. */
export function drawSoak(samples: readonly Sample[], run: { readonly kills: number; readonly rate: number }): string {
  const minutes = (samples.at(-1)?.at ?? 0) / 60;
  const height = PANELS.length * (HEIGHT + GAP) + 60;
  const panels = PANELS.map((panel, index) => drawPanel(panel, samples, 50 + index * (HEIGHT + GAP)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif"
    font-size="12">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="15" fill="#222">${minutes.toFixed(0)} minutes at ${run.rate} transactions a
  second, the sync killed ${run.kills} times</text>
${panels.join("\n")}
</svg>
`;
}

function drawPanel(panel: Panel, samples: readonly Sample[], top: number): string {
  const values = samples.map((sample, index) => panel.value(sample, samples[index - 1]));
  const highest = niceCeiling(Math.max(1, ...values));
  const end = samples.at(-1)?.at ?? 1;
  const width = WIDTH - LEFT - 20;
  const columns = new Map<number, number>();
  for (const [index, sample] of samples.entries()) {
    const column = Math.floor((sample.at / end) * COLUMNS);
    columns.set(column, Math.max(columns.get(column) ?? 0, values[index] ?? 0));
  }
  const points = [...columns].map(
    ([column, value]) =>
      `${(LEFT + (column / COLUMNS) * width).toFixed(1)},${(top + HEIGHT - (value / highest) * HEIGHT).toFixed(1)}`,
  );
  return `<text x="${LEFT}" y="${top - 8}" fill="#222">${panel.title}</text>
<line x1="${LEFT}" y1="${top + HEIGHT}" x2="${LEFT + width}" y2="${top + HEIGHT}" stroke="#999"/>
<line x1="${LEFT}" y1="${top}" x2="${LEFT + width}" y2="${top}" stroke="#eee"/>
<text x="${LEFT - 8}" y="${top + 4}" text-anchor="end" fill="#666">${highest}</text>
<text x="${LEFT - 8}" y="${top + 18}" text-anchor="end" fill="#999" font-size="10">${panel.unit}</text>
<text x="${LEFT - 8}" y="${top + HEIGHT + 4}" text-anchor="end" fill="#666">0</text>
<text x="${LEFT + width}" y="${top + HEIGHT + 16}" text-anchor="end" fill="#666">${(end / 60).toFixed(0)} min</text>
<polyline points="${points.join(" ")}" fill="none" stroke="#2266aa" stroke-width="1.2"/>`;
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
