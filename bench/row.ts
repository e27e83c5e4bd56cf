/** One line of the result: a ratio and its meaning. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly wanted: string;
  /** Null if the peer is not installed. */
  readonly ratio: number | null;
  readonly meets: boolean | null;
  readonly ours: string;
  readonly theirs: string;
  readonly peakMb: number | null;
  readonly cpuSeconds: number | null;
}

export const seconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
