import type { Observation } from "../serve/observe.ts";

/** What a person wants to be told, wherever they are. */
export type NotifiedEvent =
  | "caught-up"
  | "verified"
  | "difference"
  | "lag"
  | "stopped"
  | "waiting-for-cutover"
  | "fenced"
  | "opened"
  | "undone"
  | "failback"
  | "completed";

export interface Notification {
  readonly event: NotifiedEvent;
  /** One sentence without row values. */
  readonly text: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly source: string | null;
  readonly target: string | null;
  readonly phase: string | null;
  /** Of an error; null otherwise. */
  readonly code: string | null;
}

export interface TransitionLimits {
  /** More changes than this are reported, once until it is less than half again. */
  readonly lagChanges: number;
}

/** What happened between two observations of a run. */
export function transitions(before: Observation, after: Observation, limits: TransitionLimits): Notification[] {
  const { status: was } = before;
  const { status: is } = after;
  if (was === null || is === null) return [];
  const events: [NotifiedEvent, string, string | null][] = [];
  const add = (event: NotifiedEvent, text: string, code: string | null = null) => events.push([event, text, code]);
  if (was.phase === "copying" && is.phase === "syncing") add("caught-up", "the copy is done, and the target follows");
  const [compared, last] = [was.verification, is.verification];
  if (last !== null && last.endedAt !== null && last.endedAt !== compared?.endedAt) {
    const rows = last.rows.toLocaleString("en-US");
    if (last.differences === 0) add("verified", `${rows} rows compared, no difference`);
    else add("difference", `${rows} rows compared, ${last.differences} differences`);
  }
  const [lagBefore, lag] = [was.lag.changes ?? 0, is.lag.changes ?? 0];
  if (lagBefore <= limits.lagChanges && lag > limits.lagChanges)
    add("lag", `the target is ${lag.toLocaleString("en-US")} changes behind`);
  if (is.phase === "syncing" && was.verified === null && is.verified !== null)
    add("waiting-for-cutover", "all rows are compared: `changeover cutover` can switch");
  if (was.phase !== "cutting-over" && is.phase === "cutting-over") add("fenced", "the cutover has begun");
  if (was.phase !== "cut-over" && is.phase === "cut-over")
    add("opened", `PostgreSQL takes writes; they were refused for ${is.downtimeMs ?? 0} ms`);
  if (was.phase === "cut-over" && is.phase === "returned") add("failback", "the application is back on the source");
  for (const entry of ended(before, after)) {
    const code = entry.code === null ? "" : ` [${entry.code}]`;
    if (entry.state === "not-done") add("undone", `${entry.command} was undone${code}`, entry.code);
    else if (entry.state !== "done") add("stopped", `${entry.command} stopped: ${entry.state}${code}`, entry.code);
    else if (entry.command === "complete") add("completed", "the run is complete");
  }
  return events.map(([event, text, code]) => ({
    event,
    text,
    at: after.at,
    source: is.source,
    target: is.target,
    phase: is.phase,
    code,
  }));
}

/** Commands that ended in between; the oldest first. */
function ended(before: Observation, after: Observation) {
  const known = new Set(before.history.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id));
  const newest = before.history[0]?.id ?? 0;
  return after.history
    .filter(({ endedAt, id, state }) => {
      if (known.has(id)) return false;
      const wasSeen = id <= newest;
      // One that was killed never gets an end.
      const isKilled = state === "did-not-end" && before.history.find((entry) => entry.id === id)?.state === "running";
      return isKilled || (endedAt !== null && (wasSeen || newest > 0 || before.history.length === 0));
    })
    .toReversed();
}
