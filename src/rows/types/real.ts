import { REAL_FORM } from "../canonical/real-form.ts";
import type { Codec } from "../codec.ts";
import { exactReal } from "../copy-text.ts";
import { integerValue, numberFormat, numberFormats, ROUNDED, textValue } from "../inverse.ts";
import { rawText } from "../raw-value.ts";

/** Whole numbers up to there have a real of 32 bits of their own. */
const WHOLE = 16_777_216;

/**
 * PostgreSQL's `real`, for numbers up to 2^24 that come back from it with all of their digits: whole ones, and those of
 * six digits at most. It has half of the bits of SQLite's reals, so 0.1 is another number there, but is written alike.
 */
export const realCodec: Codec = {
  description: "a real of 32 bits",
  isNumber: true,
  textFormats: [],
  encoder: {
    copyText: exactReal,
    rejected: (c) =>
      `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'integer' THEN ${c} NOT BETWEEN -${WHOLE} AND ${WHOLE}
        WHEN 'real' THEN NOT (${isKept(c)}) ELSE 1 END`,
    json: null,
    binary: null,
  },
  comparison: {
    matches(raw, targetText) {
      if (raw.type === "real") return Object.is(Number(targetText), raw.value);
      if (raw.type === "text") return /\d/.test(rawText(raw) ?? "") && Number(rawText(raw)) === Number(targetText);
      return raw.type === "integer" && Number(targetText) === Number(raw.value);
    },
    // By its digits: the nearest real of 64 bits is another number.
    canonical: { ...REAL_FORM, postgres: (c) => REAL_FORM.postgres(`${c}::text::float8`) },
  },
  inverse: {
    formatOf: numberFormat,
    formats: (affinity) => numberFormats(affinity, "real", "integer"),
    write(targetText, format) {
      const value = Number(targetText);
      // SQLite makes NULL of NaN.
      if (Number.isNaN(value)) return null;
      if (format === "text") return Number.isFinite(value) ? textValue(targetText) : null;
      if (format === "real") return { value: { type: "real", value }, exact: true };
      const isWhole = Number.isInteger(value) && Math.abs(value) <= WHOLE && !Object.is(value, -0);
      return format === "integer" && isWhole ? integerValue(BigInt(value)) : null;
    },
    habit: null,
    loss: ROUNDED,
  },
};

/**
 * SQLite expression: six digits survive 32 bits, where those have all of their bits. Beyond 2^24 a short number may lie
 * between two of them, and PostgreSQL writes a longer one.
 */
function isKept(c: string): string {
  const isShort = `abs(${c}) BETWEEN 1.2e-38 AND ${WHOLE} AND CAST(printf('%.6g',${c}) AS REAL)=${c}`;
  const isWhole = `abs(${c})<=${WHOLE} AND CAST(${c} AS INTEGER)=${c}`;
  return `(${isShort}) OR (${isWhole}) OR ${c} IN (9e999,-9e999)`;
}
