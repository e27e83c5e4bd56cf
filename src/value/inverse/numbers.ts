import { type Inverse, IRREGULAR, integerValue } from "./inverse.ts";

const numberForm: Inverse["formOf"] = ({ type }) => (type === "integer" || type === "real" ? type : IRREGULAR);

export const integer: Inverse = {
  formOf: numberForm,
  forms: (affinity) => (affinity === "real" ? ["real", "integer"] : ["integer", "real"]),
  write(arrived, form) {
    const value = BigInt(arrived);
    if (form === "integer") return integerValue(value);
    return form === "real" && BigInt(Number(value)) === value
      ? { value: { type: "real", value: Number(value) }, exact: true }
      : null;
  },
};

export const double: Inverse = {
  formOf: numberForm,
  forms: () => ["real", "integer"],
  write(arrived, form) {
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
  forms: (affinity) => (affinity === "real" ? ["real", "integer"] : ["integer", "real"]),
  write(arrived, form) {
    if (form === "integer") {
      const [whole = "", fraction = ""] = arrived.split(".");
      return /^-?\d+$/.test(whole) && /^0*$/.test(fraction) ? integerValue(BigInt(whole)) : null;
    }
    const value = Number(arrived);
    if (form !== "real" || Number.isNaN(value)) return null;
    // A double holds each decimal of 15 digits; of a longer one only some.
    return { value: { type: "real", value }, exact: !/\d/.test(arrived) || isWhole(arrived, value) };
  },
};

/** Whether a double is all that a decimal says: its shortest form, or how SQLite writes it, in 15 or 17 digits. */
function isWhole(decimal: string, value: number): boolean {
  return [String(value), value.toPrecision(15), value.toPrecision(17)].some(
    (written) => normal(written) === normal(decimal),
  );
}

/** Sign, digits without zeros around them, and the power of ten of the first: `-12e1` for -12.0. */
function normal(decimal: string): string {
  const match = /^(-?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(decimal);
  if (match === null) return decimal;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`;
  const first = digits.search(/[1-9]/);
  if (first < 0) return "0";
  return `${sign}${digits.slice(first).replace(/0+$/, "")}e${whole.length - first + Number(exponent)}`;
}

const WRITTEN = /^-?(\d+)\.(\d*[1-9]|0)(e[-+]\d\d+)?$/;

/** The real that SQLite writes as this text; null if it writes none so. */
export function realOfText(text: string): number | null {
  if (text === "Inf" || text === "-Inf") return text === "Inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const [, whole, fraction] = WRITTEN.exec(text) ?? [];
  if (whole === undefined || `${whole}${fraction}`.replace(/^0+/, "").length > 18) return null;
  return Number(text);
}
