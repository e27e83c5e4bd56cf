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

const seconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} s`;

/** A row for a duration and its peer's. */
export function row(given: {
  readonly what: string;
  readonly against: string;
  readonly most: number;
  readonly ours: number;
  readonly theirs: number | null;
  readonly peakMb: number | null;
  readonly cpuSeconds: number | null;
}): Row {
  const { most, theirs } = given;
  const ratio = theirs === null ? null : given.ours / theirs;
  return {
    what: given.what,
    against: given.against,
    wanted: `at most ${most.toFixed(2)} times its time`,
    ratio,
    meets: ratio === null ? null : ratio <= most,
    ours: seconds(given.ours),
    theirs: theirs === null ? "not there" : seconds(theirs),
    peakMb: given.peakMb,
    cpuSeconds: given.cpuSeconds,
  };
}
