/** An object with keys in camelCase: `downtime_ms` as `downtimeMs`. */
export function camelKeys<T>(given: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
