/** How verification leaves both databases room to work. */
export interface Pacing {
  readonly signal?: AbortSignal;
  /** Called between two snapshots of the source: rests as long as it should. */
  readonly rest?: (page: { readonly rows: number; readonly durationMs: number }) => Promise<unknown>;
  /**
   * With more entries pending than that a comparison waits: looking them all up would keep the source's snapshot open
   * for long.
   */
  readonly tooFarBehind: bigint;
  /** Waits for replay to come nearer, or brings the target nearer itself. Throws when that is hopeless. */
  readonly whileBehind?: () => Promise<void>;
}
