import { invalidConfig } from "./read-config-file.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A length of time as people write it, in ms: `2s`, `500ms`, `1.5m`; a bare number is milliseconds. */
export function durationOf(given: string | number, option: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|)\s*$/.exec(String(given));
  const duration = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ""] ?? 0);
  if (duration > 0) return duration;
  throw invalidConfig(
    `${option} takes a length of time above 0, such as 2s or 500ms, not ${given}`,
    "see --help of the command",
  );
}
