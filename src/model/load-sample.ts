/** What the process that works on a run measured at one time. */
export interface LoadSample {
  /** ISO 8601. */
  readonly at: string;
  /** Logged changes that the target did not hold yet. */
  readonly lag: number;
  /** Rows copied by then. */
  readonly copied: number;
  /** The last seq of the change log that the target held. */
  readonly replayed: number;
  /** Rows compared in the comparison under way. */
  readonly compared: number;
  /** Size of the change log; null where the source's pages cannot be read. */
  readonly logBytes: number | null;
  /** Size of the write-ahead log; null without one. */
  readonly walBytes: number | null;
  /**
   * The longest that a write of the application can have waited for us, since the sample before, ms; null where the
   * application does not write to the source any more.
   */
  readonly applicationWaitMs: number | null;
  /** How long the process has waited for locks that others held in the source, since it began, ms. */
  readonly lockWaitMs: number;
  /** The part of full speed that the throttle allows, from 1/8 to 1. */
  readonly share: number;
}
