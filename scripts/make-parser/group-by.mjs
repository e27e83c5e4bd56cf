// @ts-check

/**
 * Map.groupBy(), which Node 20 does not have. @template T, K @param {Iterable<T>} items @param {(item: T) => K} keyOf
 */
export function groupBy(items, keyOf) {
  /** @type {Map<K, T[]>} */
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
