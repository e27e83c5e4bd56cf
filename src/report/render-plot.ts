/** A line of a plot: points in time, each with its value. */
export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly { readonly time: number; readonly value: number }[];
}

const WIDTH = 640;
const HEIGHT = 120;
const BASE = HEIGHT - 18;

/** A plot as SVG, with its least and largest value in words for those who cannot see it. Null with too few points. */
export function renderPlot({ points, title, unit }: Plot): string | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.time <= first.time) return null;
  const max = Math.max(1, ...points.map(({ value }) => value));
  const x = (time: number) => (((time - first.time) / (last.time - first.time)) * WIDTH).toFixed(1);
  const y = (value: number) => (BASE - (value / max) * (BASE - 6)).toFixed(1);
  const line = points.map(({ time, value }) => `${x(time)},${y(value)}`).join(" ");
  const most = `${Math.round(max).toLocaleString("en-US")} ${unit}`;
  const label = `${title}: at most ${most}, over ${seconds(last.time - first.time)}`;
  return (
    `<figure><figcaption>${label}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">` +
    `<line x1="0" y1="${BASE}" x2="${WIDTH}" y2="${BASE}" class="axis"/><polyline points="${line}"/>` +
    `<text x="0" y="${HEIGHT - 4}">${clock(first.time)}</text>` +
    `<text x="${WIDTH}" y="${HEIGHT - 4}" text-anchor="end">${clock(last.time)}</text></svg></figure>`
  );
}

/** Steps that follow each other, as bars on one line. Null without any. */
export function renderTimeline(
  steps: readonly { readonly step: string; readonly durationMs: number }[],
): string | null {
  const total = steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  if (total <= 0) return null;
  let at = 0;
  const bars = steps.map(({ durationMs, step }, index) => {
    const [from, width] = [(at / total) * WIDTH, (durationMs / total) * WIDTH];
    at += durationMs;
    const place = `x="${from.toFixed(1)}" y="6" width="${Math.max(1, width).toFixed(1)}" height="24"`;
    return `<rect ${place} class="step${index % 2}"><title>${step}: ${durationMs} ms</title></rect>`;
  });
  const label = steps.map(({ durationMs, step }) => `${step} ${durationMs} ms`).join(", ");
  return (
    `<figure><figcaption>${label}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} 36" role="img" aria-label="${label}">${bars.join("")}</svg></figure>`
  );
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

function clock(time: number): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}
