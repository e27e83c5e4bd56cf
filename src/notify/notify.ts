import { type Observation, type Observed, Observer } from "../serve/observe.ts";
import { type TransitionLimits, transitions } from "./transitions.ts";
import type { Webhook } from "./webhook.ts";

export interface NotifyOptions {
  readonly webhooks: readonly Webhook[];
  readonly limits: TransitionLimits;
  /** How often the run is read, ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
/** A receiver that hangs holds the end of the command up by no more. */
const CLOSE_MS = 3_000;

/** Watches a run and tells the webhooks what happens, until the returned function is called. */
export function notifyOf(migration: Observed, options: NotifyOptions): () => Promise<void> {
  const stop = new AbortController();
  const observer = new Observer(migration, { everyMs: options.everyMs ?? EVERY_MS, signal: stop.signal });
  let last: Observation | null = null;
  const see = (observation: Observation) => {
    if (observation.error !== null) return;
    if (last !== null)
      for (const notification of transitions(last, observation, options.limits))
        for (const webhook of options.webhooks) webhook.send(notification);
    last = observation;
  };
  const quiet = observer.listen(see);
  return async () => {
    quiet();
    // What happened since the last look.
    see(await observer.refresh());
    stop.abort();
    await Promise.all(options.webhooks.map((webhook) => webhook.close(CLOSE_MS)));
  };
}
