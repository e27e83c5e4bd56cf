import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

const D = "[0-9]";

/** HH:MM, HH:MM:SS, and up to six decimals: more would be rounded. */
export const time: ValueKind = {
  encode: (c) => `${c}`,
  refused: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN NOT (${isoTime(c)}) ELSE 1 END`,
  fastPath: { shape: { kind: "time" } },
  matches: (raw, targetText) => {
    const value = rawText(raw);
    return value !== null && full(value) === full(targetText);
  },
};

function isoTime(c: string): string {
  const whole = `${D}${D}:[0-5]${D}:[0-5]${D}`;
  const formats = [
    `${c} GLOB '${D}${D}:[0-5]${D}'`,
    `${c} GLOB '${whole}'`,
    ...[1, 2, 3, 4, 5, 6].map((digits) => `${c} GLOB '${whole}.${D.repeat(digits)}'`),
  ];
  return `substr(${c},1,2)<'24' AND (${formats.join(" OR ")})`;
}

function full(value: string): string {
  const [clock = "", fraction = ""] = value.split(".");
  return `${clock.length === 5 ? `${clock}:00` : clock}.${fraction.padEnd(6, "0")}`;
}
