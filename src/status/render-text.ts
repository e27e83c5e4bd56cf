import { renderCount, renderDuration } from "./render-count.ts";
import { renderNotices } from "./render-notices.ts";
import type { Status } from "./status.ts";

const MEANING: Readonly<Record<Status["phase"], string>> = {
  new: "nothing has begun yet",
  copying: "rows are being copied; the application writes as before",
  syncing: "the target follows the source; the application writes as before",
  "cutting-over": "the target takes over just now; the source refuses writes meanwhile, or the cutover was interrupted",
  "cut-over": "the target has taken over",
  returned: "the application is back on the source",
  "rolling-back": "a rollback has begun and is not done: run `changeover rollback` again, it goes on from there",
};

/** The status for a person. */
export function renderStatus(status: Status): string {
  const lines = [`${status.phase}: ${MEANING[status.phase]}`];
  if (status.source !== null) lines.push(`  source     ${status.source}`);
  if (status.sourceState !== null) lines.push(`  inspected  ${renderSourceState(status.sourceState)}`);
  else if (status.source !== null && status.phase === "cut-over")
    lines.push("  inspected  no source: with --source, this says whether it refuses writes");
  lines.push(`  target     ${status.target}`);
  if (status.source === null) return [...lines, ...renderNextSteps(status)].join("\n");
  lines.push(`  process    ${status.running ? "one is working on it now" : "none is working on it now"}`);
  lines.push(...renderSteering(status));
  if (status.phase === "copying") {
    const copied = status.tables.reduce((sum, table) => sum + table.copied, 0);
    const rows = status.tables.reduce((sum, table) => sum + Math.max(table.rows, table.copied), 0);
    lines.push(
      `  copied     ${renderCount(copied, "row")} of ${rows.toLocaleString("en-US")}, ` +
        `${status.tables.filter(({ done }) => done).length} of ` +
        `${renderCount(status.tables.length, "table")}`,
    );
  }
  if (status.phase === "syncing" || status.phase === "cutting-over")
    lines.push(`  lag        ${renderLag(status.lag)}`);
  lines.push(...renderWaiting(status));
  if (status.phase === "returned")
    lines.push(`  lag        ${renderLag(status.lag)}; changeover sync goes forward again from here`);
  lines.push(
    "  verified   " +
      (status.verified === null
        ? "not yet"
        : `${renderCount(status.verified.rows, "row")}, ` +
          `${renderCount(status.verified.differences, "difference")}`),
  );
  if (status.verification !== null) lines.push(`  compared   ${pass(status)}${age(status)}`);
  if (status.rejected > 0)
    lines.push(`  quarantine  ${renderCount(status.rejected, "row")}: changeover quarantine lists them`);
  const notices = [...status.leftOut, ...status.warnings];
  if (notices.length > 0) {
    const open = notices.filter(({ confirmedBy }) => confirmedBy === null).length;
    lines.push(
      `  left out   ${renderCount(status.leftOut.length, "thing")} of the schema, ` +
        `${renderCount(status.warnings.length, "warning")}` +
        (open === 0 ? ", all confirmed" : `, ${open.toLocaleString("en-US")} not confirmed`) +
        ":",
      ...renderNotices(notices).map((line) => `             ${line}`),
    );
  }
  if (status.downtimeMs !== null) lines.push(`  downtime   ${status.downtimeMs} ms`);
  if (status.failback !== null) lines.push(`  failback   ${failback(status.failback)}`);
  return [...lines, ...renderNextSteps(status)].join("\n");
}

/** Tables that wait until the target has what changed in the source. */
function renderWaiting({ schema: { state, waiting } }: Status): string[] {
  if (state === "following") return [];
  return [
    `  schema     ${state}: ${renderCount(waiting.length, "table")}, all others flow`,
    ...waiting.map(({ changes, files, since, table }) => {
      const file = files.length === 0 ? "" : `; apply ${files.join(", ")} with \`changeover up\``;
      return `             ${table}, since ${timestamp(since)}: ${changes.join("; ")}${file}`;
    }),
  ];
}

/** What people asked of the run. */
function renderSteering({ steering: { paused, rate, requests } }: Status): string[] {
  return [
    ...(paused === null ? [] : [`  paused     by ${paused.by}, since ${timestamp(paused.at)}`]),
    ...(rate === null
      ? []
      : [
          `  rate       ${rate.maxRate === null ? "no limit" : `${renderCount(rate.maxRate, "row")} a second`}, ` +
            `by ${rate.by}`,
        ]),
    ...requests.map(
      ({ action, at, by, isTaken }) =>
        `  asked      ${action} by ${by}, ${timestamp(at)}: ${isTaken ? "under way" : "not answered yet"}`,
    ),
  ];
}

function renderNextSteps({ nextSteps }: Status): string[] {
  const width = Math.max(...nextSteps.map(({ command }) => command.length), 0);
  return nextSteps.map(
    ({ command, why }, index) => `${index === 0 ? "next:" : "  or "}      ${command.padEnd(width)}  ${why}`,
  );
}

function renderLag({ changes, seconds }: Status["lag"]): string {
  if (changes === 0) return "none";
  const count = changes === null ? "not known without --source" : renderCount(changes, "change");
  return `${count}${seconds === null ? "" : `, ${seconds.toFixed(1)} s`}`;
}

const FENCE: Readonly<Record<"none" | "raised" | "sealed" | "handed-over", string>> = {
  none: "it takes writes",
  raised: "a fence is there, which refuses writes for seconds at most",
  sealed: "it refuses writes",
  "handed-over": "it refuses writes, and says where the data went",
};

function renderSourceState({ error, fence, isRunSource, location }: NonNullable<Status["sourceState"]>): string {
  if (fence === null) return `the source could not be read: ${error?.message ?? ""} [${error?.code ?? ""}]`;
  return `${location}: ${isRunSource === true ? "" : "NOT the source of this run, but another file; "}${FENCE[fence]}`;
}

function pass({ tables, verification }: Status): string {
  if (verification === null) return "";
  const { pass: number, rows, differences, endedAt: ended, startedAt: started } = verification;
  if (ended !== null)
    return (
      `all rows, ${renderCount(number, "time")}; last on ${timestamp(ended)}: ` +
      `${renderCount(differences ?? 0, "difference")}`
    );
  const total = tables.reduce((sum, table) => sum + Math.max(table.rows, table.copied), 0);
  return (
    `${renderCount(rows, "row")} of ${total.toLocaleString("en-US")} in the comparison that began on ` +
    `${timestamp(started)}: the next check, or the cutover, goes on with it`
  );
}

/** Only while it says something about the cutover. */
function age({ phase, verificationAge }: Status): string {
  if (verificationAge === null || phase !== "syncing") return "";
  const old = renderDuration(verificationAge.seconds * 1_000);
  return verificationAge.isStale ? ` (${old} old, stale: the cutover compares again)` : ` (${old} old)`;
}

function timestamp(text: string): string {
  return `${new Date(text).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function failback({ state, changes, endsAt, rows, rounded }: NonNullable<Status["failback"]>): string {
  const cut = rounded === 0 ? "" : `; ${renderCount(rounded, "value")} cut to what the source's column can say`;
  switch (state) {
    case "enabled":
      return (
        `${changes === 0 ? "caught up" : `${renderCount(changes, "change")} to bring back (changeover sync does)`}, ` +
        `${renderCount(rows, "row")} brought so far${cut}` +
        (endsAt === null ? "" : `; possible until ${timestamp(endsAt)}, then a running sync completes the run`)
      );
    case "returning":
      return "almost gone: both databases refuse writes until `changeover rollback` has ended it";
    case "returned":
      return `gone, with ${renderCount(rows, "row")}${cut}`;
    case "completed":
      return "removed: the run is complete";
  }
}
