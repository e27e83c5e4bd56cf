import type { Affinity } from "../../model/schema.ts";
import { isWrittenAs } from "../decimal.ts";
import { rawText } from "../text.ts";
import { type Form, type Inverse, IRREGULAR, integerValue, textValue } from "./inverse.ts";

/** In a column of texts SQLite makes a text of each number. */
const numberForm: Inverse["formOf"] = (raw) => {
  if (raw.type === "integer" || raw.type === "real") return raw.type;
  return /^-?\d+(\.\d+)?$/.test(rawText(raw) ?? "") ? "text" : IRREGULAR;
};

function inColumnOf(affinity: Affinity, ...usual: readonly Form[]): readonly Form[] {
  return affinity === "text" ? ["text", ...usual] : usual;
}

export const integer: Inverse = {
  formOf: numberForm,
  forms: (affinity) => inColumnOf(affinity, ...(affinity === "real" ? ["real", "integer"] : ["integer", "real"])),
  write(arrived, form) {
    if (form === "text") return textValue(arrived);
    const value = BigInt(arrived);
    if (form === "integer") return integerValue(value);
    return form === "real" && BigInt(Number(value)) === value
      ? { value: { type: "real", value: Number(value) }, exact: true }
      : null;
  },
};

export const double: Inverse = {
  formOf: numberForm,
  forms: (affinity) => inColumnOf(affinity, "real", "integer"),
  write(arrived, form) {
    if (form === "text") return Number.isFinite(Number(arrived)) ? textValue(arrived) : null;
    const value = Number(arrived);
    // SQLite makes NULL of NaN.
    if (Number.isNaN(value)) return null;
    if (form === "real") return { value: { type: "real", value }, exact: true };
    return form === "integer" && Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && !Object.is(value, -0)
      ? integerValue(BigInt(value))
      : null;
  },
};

export const numeric: Inverse = {
  formOf: numberForm,
  forms: (affinity) => inColumnOf(affinity, ...(affinity === "real" ? ["real", "integer"] : ["integer", "real"])),
  write(arrived, form) {
    if (form === "text") return /\d/.test(arrived) ? textValue(arrived) : null;
    if (form === "integer") {
      const [whole = "", fraction = ""] = arrived.split(".");
      return /^-?\d+$/.test(whole) && /^0*$/.test(fraction) ? integerValue(BigInt(whole)) : null;
    }
    const value = Number(arrived);
    if (form !== "real" || Number.isNaN(value)) return null;
    // A double holds each decimal of 15 digits; of a longer one only some.
    return { value: { type: "real", value }, exact: !/\d/.test(arrived) || isWrittenAs(arrived, value) };
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
