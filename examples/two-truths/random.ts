/** A small seeded generator (mulberry32): the writer's choices can be repeated. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(limit: number): number;
  pick<T>(values: readonly [T, ...T[]]): T;
  uuid(): string;
  address(): string;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const hex = (digits: number) =>
    below(16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return {
    next,
    below,
    pick: (values) => values[below(values.length)] ?? values[0],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab".charAt(below(4))}${hex(3)}-${hex(6)}${hex(6)}`,
    address: () =>
      below(4) === 0
        ? `2001:db8:${(1 + below(0xffff)).toString(16)}::${(1 + below(0xffff)).toString(16)}`
        : `${1 + below(222)}.${below(256)}.${below(256)}.${below(256)}`,
  };
}
