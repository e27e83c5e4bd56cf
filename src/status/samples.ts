import type { LoadSample } from "../model/load-sample.ts";

/** Lag, rates and loads at one time, for plots. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly lag: number;
  /** Rows or changes a second. */
  readonly copied: number;
  readonly replayed: number;
  readonly compared: number;
  readonly logBytes: number | null;
  readonly walBytes: number | null;
  /** The longest that a write of the application can have waited for us. */
  readonly applicationWaitMs: number | null;
}

/** What a run measured of itself, as rates. */
export function samplesOf(loads: readonly LoadSample[]): Sample[] {
  return loads.map((load, index) => {
    const before = loads[index - 1] ?? load;
    const seconds = (Date.parse(load.at) - Date.parse(before.at)) / 1_000;
    // A count that fell began again: another comparison, a table copied once more.
    const rate = (now: number, then: number) => (seconds <= 0 || now < then ? 0 : (now - then) / seconds);
    return {
      time: Date.parse(load.at),
      lag: load.lag,
      copied: rate(load.copied, before.copied),
      replayed: rate(load.replayed, before.replayed),
      compared: rate(load.compared, before.compared),
      logBytes: load.logBytes,
      walBytes: load.walBytes,
      applicationWaitMs: load.applicationWaitMs,
    };
  });
}
