import { Counter, Gauge, Registry } from "prom-client";
import type { Phase } from "../model/run.ts";
import type { Status } from "../status/status.ts";
import { version } from "../version.ts";
import { addFleetMetrics } from "./fleet-metrics.ts";
import type { Observation } from "./observe.ts";

const PHASES: readonly Phase[] = ["new", "copying", "syncing", "cutting-over", "cut-over", "returned", "rolling-back"];

interface MetricSpec {
  readonly name: string;
  /** Default: a gauge. */
  readonly type?: "counter";
  readonly help: string;
  /** The value; undefined where it is not known, which leaves the metric out. */
  readonly value: (observation: Observation) => number | undefined;
}

/** Every metric without labels of its own. docs/reference/metrics.md is written from this table. */
const METRICS: readonly MetricSpec[] = [
  {
    name: "changeover_up",
    help: "1 if the target could be read just now, 0 if not.",
    value: ({ error }) => (error === null ? 1 : 0),
  },
  {
    name: "changeover_running",
    help: "1 while a process works on the run.",
    value: ({ status }) => (status === null ? undefined : Number(status.running)),
  },
  {
    name: "changeover_paused",
    help: "1 while somebody has paused the run, and nothing is copied, replayed or compared.",
    value: ({ status }) => (status === null ? undefined : Number(status.steering.paused !== null)),
  },
  {
    name: "changeover_max_rate_rows_per_second",
    help: "The limit that somebody asked for while the run went on.",
    value: ({ status }) => status?.steering.rate?.maxRate ?? undefined,
  },
  {
    name: "changeover_open_requests",
    help: "Requests of changeover control that are not answered yet, or under way.",
    value: ({ status }) => status?.steering.requests.length,
  },
  {
    name: "changeover_lag_changes",
    help: "Logged changes of the source that the target does not hold yet.",
    value: ({ status }) => status?.lag.changes ?? undefined,
  },
  {
    name: "changeover_lag_seconds",
    help: "Seconds since the target last equalled the source.",
    value: ({ status }) => status?.lag.seconds ?? undefined,
  },
  {
    name: "changeover_watermark",
    help: "The last number of the change log that the target holds.",
    value: ({ status }) => status?.watermark,
  },
  {
    name: "changeover_copied_rows",
    help: "Rows copied so far, of all tables.",
    value: ({ status }) => status?.tables.reduce((sum, { copied }) => sum + copied, 0),
  },
  {
    name: "changeover_copy_rows_per_second",
    help: "Rows copied a second, over the last ten seconds.",
    value: ({ rates }) => rates.copied,
  },
  {
    name: "changeover_replay_changes_per_second",
    help: "Changes replayed a second, over the last ten seconds.",
    value: ({ rates }) => rates.replayed,
  },
  {
    name: "changeover_verify_rows_per_second",
    help: "Rows compared a second, over the last ten seconds.",
    value: ({ rates }) => rates.compared,
  },
  {
    name: "changeover_verified_rows",
    help: "Rows compared in the last comparison, or in the one under way.",
    value: ({ status }) => status?.verification?.rows,
  },
  {
    name: "changeover_verification_differences",
    help: "Differences that the last comparison found.",
    value: ({ status }) => status?.verification?.differences ?? undefined,
  },
  {
    name: "changeover_verification_age_seconds",
    help: "Seconds since the last comparison of all rows ended.",
    value: ({ status }) => status?.verificationAge?.seconds,
  },
  {
    name: "changeover_quarantined_rows",
    help: "Entries of the quarantine.",
    value: ({ status }) => status?.rejected,
  },
  {
    name: "changeover_change_log_bytes",
    help: "Size of the change log in the source, estimated from its pages, while a process works on the run.",
    value: ({ status }) => loadOf(status)?.logBytes ?? undefined,
  },
  {
    name: "changeover_source_wal_bytes",
    help: "Size of the source's write-ahead log, as the working process or this machine sees it.",
    value: ({ walBytes }) => walBytes ?? undefined,
  },
  {
    name: "changeover_throttle_ratio",
    help: "The part of full speed of copy and verification, from 0.125 to 1: less while the application waits.",
    value: ({ status }) => loadOf(status)?.share,
  },
  {
    name: "changeover_source_lock_wait_seconds_total",
    type: "counter",
    help: "Seconds that the working process has waited for locks of the source that others held.",
    value: ({ status }) => secondsOf(loadOf(status)?.lockWaitMs),
  },
  {
    name: "changeover_application_wait_seconds",
    help: "The longest that a write of the application can have waited for changeover, within the last two seconds.",
    value: ({ status }) => secondsOf(loadOf(status)?.applicationWaitMs),
  },
  {
    name: "changeover_predicted_downtime_seconds",
    help: "How long the cutover would refuse writes, as the last rehearsal says.",
    value: ({ status }) => secondsOf(status?.predictedDowntime?.ms),
  },
  {
    name: "changeover_downtime_seconds",
    help: "How long the cutover refused writes.",
    value: ({ status }) => secondsOf(status?.downtimeMs),
  },
  {
    name: "changeover_failback_lag_changes",
    help: "Changes made in the target after the cutover that the source does not hold yet.",
    value: ({ status }) => status?.failback?.changes,
  },
  {
    name: "changeover_progress_age_seconds",
    help: "Seconds since the run last got on: rows, changes or phase.",
    value: ({ at, progressAt }) => secondsBetween(progressAt, at),
  },
];

/** A run's numbers in Prometheus' text format. */
export async function renderMetrics(
  observation: Observation,
): Promise<{ readonly type: string; readonly text: string }> {
  const registry = new Registry();
  const registers = [registry];
  for (const { help, name, type, value } of METRICS) {
    const number = value(observation);
    if (number === undefined) continue;
    if (type === "counter") new Counter({ name, help, registers }).inc(number);
    else new Gauge({ name, help, registers }).set(number);
  }
  const { status } = observation;
  const info = { name: "changeover_build_info", help: "The version of changeover that answers.", registers };
  new Gauge({ ...info, labelNames: ["version"] }).set({ version: version() }, 1);
  if (status !== null) {
    const phase = new Gauge({
      name: "changeover_phase",
      help: "1 for the phase of the run, 0 for the others.",
      labelNames: ["phase"],
      registers,
    });
    for (const each of PHASES) phase.set({ phase: each }, Number(each === status.phase));
    const labelNames = ["table"];
    const rows = new Gauge({
      name: "changeover_table_rows",
      help: "Rows of the table when the run began.",
      labelNames,
      registers,
    });
    const copied = new Gauge({
      name: "changeover_table_copied_rows",
      help: "Rows copied so far.",
      labelNames,
      registers,
    });
    const compared = new Gauge({
      name: "changeover_table_compared_timestamp_seconds",
      help: "When all rows of the table were compared last, in seconds since 1970.",
      labelNames,
      registers,
    });
    for (const table of status.tables) {
      rows.set({ table: table.table }, table.rows);
      copied.set({ table: table.table }, table.copied);
      if (table.comparedAt !== null) compared.set({ table: table.table }, Date.parse(table.comparedAt) / 1_000);
    }
  }
  if (observation.fleet !== null) addFleetMetrics(registry, observation.fleet);
  const failed = new Gauge({
    name: "changeover_recent_failures",
    help: "Of the last thirty commands, those that failed, by error code.",
    labelNames: ["command", "code"],
    registers,
  });
  for (const { code, command } of observation.history) if (code !== null) failed.inc({ command, code });
  return { type: registry.contentType, text: await registry.metrics() };
}

/** What nobody measures any more is not shown as if it were so now. */
function loadOf(status: Status | null): Status["load"] {
  return status?.running === true ? status.load : null;
}

function secondsOf(ms: number | null | undefined): number | undefined {
  return ms === null || ms === undefined ? undefined : ms / 1_000;
}

function secondsBetween(from: string | null, to: string): number | undefined {
  return from === null ? undefined : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
}
