/** `1,234 rows`, `1 row`. */
export function renderCount(count: number | bigint, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${Number(count) === 1 ? "" : "s"}`;
}

/** `1,234 rows were`, `1 row was`: a count with its verb, in the plural. */
export function renderCountOf(count: number | bigint, noun: string, verb: "are" | "were"): string {
  const one = { are: "is", were: "was" } as const;
  return `${renderCount(count, noun)} ${Number(count) === 1 ? one[verb] : verb}`;
}

/** `850 ms`, `12.3 s`, `4 min 5 s`. */
export function renderDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 100_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** `512 bytes`, `12.3 kB`, `502 MB`. */
export function renderBytes(bytes: number): string {
  if (bytes < 1_000) return renderCount(bytes, "byte");
  const exponent = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1_000 ** exponent;
  return (
    `${scaled < 100 ? scaled.toFixed(1) : Math.round(scaled).toLocaleString("en-US")} ` +
    `${["", "kB", "MB", "GB", "TB"][exponent]}`
  );
}
