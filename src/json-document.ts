/** A value whose keys are names of tables and columns, or of config settings: they go out as they are. */
export class Verbatim {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * A result as JSON has it: keys in snake_case, bigints as numbers where a number is exact and as text where not.
 * Names of the user's own, such as columns, are wrapped in {@link Verbatim}.
 */
export function jsonOf(value: unknown): unknown {
  if (value instanceof Verbatim) return value.value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [toSnakeCase(key), jsonOf(entry)]));
}

/** `downtimeMs` as `downtime_ms`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
