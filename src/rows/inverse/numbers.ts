import type { Affinity } from "../../model/schema.ts";
import { isWrittenAs } from "../decimal.ts";
import { rawText } from "../text.ts";
import { type Format, type Inverse, IRREGULAR, integerValue, textValue } from "./inverse.ts";

/** In a column of texts SQLite makes a text of each number. */
const numberFormat: Inverse["formatOf"] = (raw) => {
  if (raw.type === "integer" || raw.type === "real") return raw.type;
  return /^-?\d+(\.\d+)?$/.test(rawText(raw) ?? "") ? "text" : IRREGULAR;
};

function inColumnOf(affinity: Affinity, ...fastPath: readonly Format[]): readonly Format[] {
  return affinity === "text" ? ["text", ...fastPath] : fastPath;
}

export const integer: Inverse = {
  formatOf: numberFormat,
  formats: (affinity) => inColumnOf(affinity, ...(affinity === "real" ? ["real", "integer"] : ["integer", "real"])),
  write(targetText, format) {
    if (format === "text") return textValue(targetText);
    const value = BigInt(targetText);
    if (format === "integer") return integerValue(value);
    return format === "real" && BigInt(Number(value)) === value
      ? { value: { type: "real", value: Number(value) }, exact: true }
      : null;
  },
};

export const double: Inverse = {
  formatOf: numberFormat,
  formats: (affinity) => inColumnOf(affinity, "real", "integer"),
  write(targetText, format) {
    if (format === "text") return Number.isFinite(Number(targetText)) ? textValue(targetText) : null;
    const value = Number(targetText);
    // SQLite makes NULL of NaN.
    if (Number.isNaN(value)) return null;
    if (format === "real") return { value: { type: "real", value }, exact: true };
    return format === "integer" && Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && !Object.is(value, -0)
      ? integerValue(BigInt(value))
      : null;
  },
};

export const numeric: Inverse = {
  formatOf: numberFormat,
  formats: (affinity) => inColumnOf(affinity, ...(affinity === "real" ? ["real", "integer"] : ["integer", "real"])),
  write(targetText, format) {
    if (format === "text") return /\d/.test(targetText) ? textValue(targetText) : null;
    if (format === "integer") {
      const [whole = "", fraction = ""] = targetText.split(".");
      return /^-?\d+$/.test(whole) && /^0*$/.test(fraction) ? integerValue(BigInt(whole)) : null;
    }
    const value = Number(targetText);
    if (format !== "real" || Number.isNaN(value)) return null;
    // A double holds each decimal of 15 digits; of a longer one only some.
    return { value: { type: "real", value }, exact: !/\d/.test(targetText) || isWrittenAs(targetText, value) };
  },
};

const WRITTEN = /^-?(\d+)\.(\d*[1-9]|0)(e[-+]\d\d+)?$/;

/** The real that SQLite writes as this text; null if it writes none so. */
export function realOfText(text: string): number | null {
  if (text === "Inf" || text === "-Inf") return text === "Inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const [, whole, fraction] = WRITTEN.exec(text) ?? [];
  if (whole === undefined || `${whole}${fraction}`.replace(/^0+/, "").length > 18) return null;
  return Number(text);
}
