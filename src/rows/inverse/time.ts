import { decoded } from "../text.ts";
import { type Inverse, IRREGULAR, textValue } from "./inverse.ts";

const CLOCK = /^(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;

/** `minutes`, or the number of decimals of the seconds. */
export const time: Inverse = {
  formatOf(raw) {
    const match = raw.type === "text" ? CLOCK.exec(decoded(raw.bytes) ?? "") : null;
    if (match === null) return IRREGULAR;
    return match[2] === undefined ? "minutes" : String(match[3]?.length ?? 0);
  },
  formats: () => ["0"],
  write(targetText, format) {
    const match = CLOCK.exec(targetText);
    // PostgreSQL has a 24:00:00 at the day's end, SQLite's functions do not.
    if (match === null || format === IRREGULAR || targetText.startsWith("24")) return null;
    const [, minutes = "", seconds = "00", fraction = ""] = match;
    if (format === "minutes" && seconds === "00" && /^0*$/.test(fraction)) return textValue(minutes);
    return textValue(`${minutes}:${seconds}${decimals(fraction, format === "minutes" ? 0 : Number(format))}`);
  },
};

/** The decimals of a second as the form has them, or more where more are needed, as milliseconds or microseconds. */
export function decimals(fraction: string, digits: number): string {
  const needed = fraction.replace(/0+$/, "");
  const length = needed.length <= digits ? digits : needed.length <= 3 ? 3 : 6;
  return length === 0 ? "" : `.${needed.padEnd(length, "0")}`;
}
