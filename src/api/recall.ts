/** Gives the answer of an earlier question again as long as it is young enough. */
export type Recall = <T>(name: string, maxAgeMs: number, ask: () => Promise<T>) => Promise<T>;

/** Asks each time. */
export const askEachTime: Recall = (_name, _maxAgeMs, ask) => ask();

/** Remembers answers. `now` is for tests, ms. */
export function recalling(now: () => number = () => performance.now()): Recall {
  const known = new Map<string, { readonly at: number; readonly answer: unknown }>();
  return async <T>(name: string, maxAgeMs: number, ask: () => Promise<T>): Promise<T> => {
    const before = known.get(name);
    if (before !== undefined && now() - before.at < maxAgeMs) return before.answer as T;
    const answer = await ask();
    known.set(name, { at: now(), answer });
    return answer;
  };
}
