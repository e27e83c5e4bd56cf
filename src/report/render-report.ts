import { html, raw } from "hono/html";
import { renderBytes, renderCount, renderDuration } from "../status/render-count.ts";
import type { Sample } from "../status/samples.ts";
import type { ReportData } from "./collect-report.ts";
import { ratesOf } from "./rates-of-work.ts";
import { renderPlot, renderTimeline } from "./render-plot.ts";
import { REPORT_STYLE } from "./report-style.ts";

const SECTIONS = [
  summary,
  verification,
  downtime,
  tables,
  plan,
  findings,
  quarantine,
  plots,
  history,
  steps,
  goingBack,
];

type Html = ReturnType<typeof html>;

/** The report as one self-contained HTML file, for a board and an auditor. Everything of the user's is escaped. */
export async function renderReport(data: ReportData): Promise<string> {
  const { at, status, version } = data;
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Migration report: ${status.phase}</title><style>${raw(REPORT_STYLE)}</style></head>
<body><main>
<h1>Migration to PostgreSQL: ${status.phase}</h1>
<p class="dim">${status.source ?? "no source yet"} → ${status.target}<br>
Written ${at} by changeover ${version}. Values of rows are not in this report.</p>
${SECTIONS.map((render) => render(data))}
</main></body></html>
`;
  return String(await page);
}

function section(title: string, ...content: readonly unknown[]): Html {
  return html`<section><h2>${title}</h2>${content}</section>
`;
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): Html {
  const alignment = heads.map((_, index) => (typeof rows[0]?.[index] === "number" ? "number" : "words"));
  const cell = (value: string | number, index: number) => {
    const text = typeof value === "number" ? value.toLocaleString("en-US") : value;
    return html`<td class="${alignment[index] ?? ""}">${text}</td>`;
  };
  const head = (text: string, index: number) => html`<th scope="col" class="${alignment[index] ?? ""}">${text}</th>`;
  return html`<table><thead><tr>${heads.map(head)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map(cell)}</tr>
`,
  )}</tbody></table>`;
}

function summary({ history, status, tables: moved }: ReportData): Html {
  const first = history.at(-1);
  const rows = moved.reduce((sum, { copied }) => sum + copied, 0);
  const bytes = moved.reduce((sum, { bytes: size }) => sum + (size ?? 0), 0);
  const facts: readonly (readonly [string, string])[] = [
    ["Phase", status.phase],
    ["Tables", String(moved.length)],
    ["Rows copied", rows.toLocaleString("en-US")],
    ["Size in PostgreSQL", renderBytes(bytes)],
    ["Lag", lagOf(status)],
    ["Downtime", status.downtimeMs === null ? "no cutover yet" : renderDuration(status.downtimeMs)],
    ["Predicted downtime", predictionOf(status)],
    ["Begun", first === undefined ? "not yet" : `${first.startedAt} by ${first.user} on ${first.host}`],
  ];
  return section(
    "Summary",
    html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`,
  );
}

function predictionOf({ predictedDowntime }: ReportData["status"]): string {
  if (predictedDowntime === null) return "not rehearsed";
  return `${renderDuration(predictedDowntime.ms)}, rehearsed ${predictedDowntime.at}`;
}

function lagOf({ lag }: ReportData["status"]): string {
  if (lag.changes === null) return "not known without the source";
  return lag.changes === 0 ? "none" : renderCount(lag.changes, "change");
}

function verification({ status }: ReportData): Html {
  const last = status.verification;
  if (last === null) return section("Verification", html`<p>The two databases were not compared yet.</p>`);
  const how =
    "Every row of both databases, column by column, by code that shares nothing with the copy; rows that changed " +
    "meanwhile were compared again.";
  const result =
    last.endedAt === null
      ? `under way since ${last.startedAt}: ${renderCount(last.rows, "row")} so far`
      : `${renderCount(last.rows, "row")} compared, ${renderCount(last.differences ?? 0, "difference")}, ` +
        `from ${last.startedAt} to ${last.endedAt}`;
  const holds =
    status.verified === null ? " It does not hold any more: something was written outside of the run since." : "";
  return section(
    "Verification",
    html`<p>${how}</p><p><strong>${result}.</strong>${last.endedAt === null ? "" : holds}</p>`,
  );
}

function downtime({ status, timeline }: ReportData): Html {
  if (status.downtimeMs === null) return html``;
  return section(
    "Downtime",
    html`<p>Writes were refused for ${renderDuration(status.downtimeMs)}, from the first refused to the first possible
one.</p>`,
    raw(renderTimeline(timeline) ?? ""),
  );
}

function tables({ quarantine: rejected, tables: moved }: ReportData): Html {
  const rows = moved.map(({ bytes, copied, done, rows: expected, source, target }) => [
    source,
    `${target.schema}.${target.name}`,
    expected,
    copied,
    bytes === null ? "" : renderBytes(bytes),
    rejected.find(({ table: name }) => name === source)?.rows ?? 0,
    done ? "copied" : "not yet",
  ]);
  return section(
    "Tables",
    table(["Source", "Target", "Rows at the start", "Copied", "Size", "Quarantined", "State"], rows),
  );
}

function plan({ tables: moved }: ReportData): Html {
  const rows = moved.flatMap(({ columns, source }) =>
    columns.map(({ expression, source: column, target, type }) => [
      source,
      column,
      target,
      type ?? "",
      expression ?? "",
    ]),
  );
  return section("Plan and rules", table(["Table", "Column", "In PostgreSQL", "Type", "Rule"], rows));
}

function findings({ notices }: ReportData): Html {
  if (notices.length === 0) return section("Findings", html`<p>Nothing of the schema was left out or changed.</p>`);
  const rows = notices.map(({ change, code, confirmedBy, kind, name, reason, table: of }) => [
    code,
    `${kind} ${of === undefined || of === name ? "" : `${of}.`}${name}`,
    change,
    reason,
    confirmedBy ?? "nobody yet",
  ]);
  return section("Findings", table(["Code", "Object", "What", "Why", "Confirmed by"], rows));
}

function quarantine({ quarantine: rejected }: ReportData): Html {
  if (rejected.length === 0) return section("Quarantine", html`<p>PostgreSQL took every row and every value.</p>`);
  const rows = rejected.map(({ rows: kept, table: name, values }) => [name, kept, values]);
  return section("Quarantine", table(["Table", "Rows kept out", "Values that became NULL"], rows));
}

/** Of the whole run, as it measured itself; where it is too short for that, of what this command saw. */
function plots({ events, samples }: ReportData): Html {
  const ofRun = SERIES.flatMap(({ read, title, unit }) => {
    const points = samples.flatMap((sample) => {
      const value = read(sample);
      return value === null ? [] : [{ time: sample.time, value }];
    });
    return points.some(({ value }) => value > 0) ? [renderPlot({ title, unit, points })] : [];
  });
  const ofCommand = [...ratesOf(events.samples)].map(([phase, { points, unit }]) =>
    renderPlot({ title: phase, unit: `${unit}/s`, points }),
  );
  const drawn = [...ofRun, ...ofCommand].filter((plot) => plot !== null);
  return drawn.length === 0 ? html`` : section("Lag, throughput and load", raw(drawn.join("\n")));
}

const SERIES: readonly {
  readonly title: string;
  readonly unit: string;
  readonly read: (sample: Sample) => number | null;
}[] = [
  { title: "Lag", unit: "changes", read: ({ lag }) => lag },
  { title: "Copied", unit: "rows/s", read: ({ copied }) => copied },
  { title: "Replayed", unit: "changes/s", read: ({ replayed }) => replayed },
  { title: "Compared", unit: "rows/s", read: ({ compared }) => compared },
  { title: "Change log", unit: "bytes", read: ({ logBytes }) => logBytes },
  { title: "The source's write-ahead log", unit: "bytes", read: ({ walBytes }) => walBytes },
  { title: "The application's longest wait", unit: "ms", read: ({ applicationWaitMs }) => applicationWaitMs },
];

function history({ history: entries }: ReportData): Html {
  if (entries.length === 0) return section("History", html`<p>Nothing was done yet.</p>`);
  const rows = entries.map(({ code, command, durationMs, host, role, startedAt, state, user, version }) => [
    startedAt,
    command,
    `${user} on ${host} as ${role}`,
    `${state}${code === null ? "" : ` (${code})`}`,
    durationMs === null ? "" : renderDuration(durationMs),
    version,
  ]);
  return section("History", table(["Began", "Command", "By", "Result", "Took", "Version"], rows));
}

function steps({ events }: ReportData): Html {
  if (events.steps.length === 0) return html``;
  const rows = events.steps.map(({ at, isWarning, message }) => [at, isWarning ? "warning" : "", message]);
  return section("What the command said", table(["At", "", "Message"], rows));
}

function goingBack({ status }: ReportData): Html {
  const lines = status.nextSteps.map(
    ({ command, why }) => html`<li><code>${command}</code>: ${why}</li>
`,
  );
  const back =
    status.phase === "cut-over" && status.failback?.state !== "enabled"
      ? html`<p>There is no failback: the source is as it was at the cutover.</p>`
      : html``;
  return section("What comes next", html`<ul>${lines}</ul>`, back);
}
