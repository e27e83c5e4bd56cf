/** One line of the result: a ratio, and what it is of. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly wanted: string;
  /** Null where the peer is not there. */
  readonly ratio: number | null;
  readonly meets: boolean | null;
  readonly ours: string;
  readonly theirs: string;
  readonly peakMb: number | null;
  readonly cpuSeconds: number | null;
}

export const seconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
