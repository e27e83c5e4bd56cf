import { type CanonicalForm, orTilde } from "./canonical-form.ts";
import { CanonicalRow } from "./canonical-row.ts";
import { RealReader, realParts } from "./real-value.ts";

const MINUS = 0x2d;
const POINT = 0x2e;
/** A double holds all decimals of 15 digits. */
const MOST = 1e15;
const MAX_DECIMALS = 6;

/** Decimals without zeros at their end: the one decimal of at most 15 digits that reads as the real, or all 17. */
export const DECIMAL_FORM: CanonicalForm = {
  sqlite: realParts,
  postgres: (c, options) => orTilde(`trim_scale(${c}::numeric)`, options),
  writer: (parts) => {
    const reader = new RealReader(parts);
    return (row) => {
      const read = reader.next();
      const { bytes, end, start } = reader.whole;
      if (read === "integer") return row.putBytes(bytes, start, end);
      return read === "real" ? putDecimal(row, reader.value) : read === "null" && row.putNull();
    };
  },
  isAlike(raw, targetText) {
    const [integer = "", fraction = ""] = targetText.split(".");
    const trimmed = fraction.replace(/0+$/, "");
    const target = trimmed === "" ? integer : `${integer}.${trimmed}`;
    if (raw.type === "integer") return target === raw.value.toString();
    if (raw.type !== "real") return false;
    const row = new CanonicalRow();
    return putDecimal(row, raw.value) && Buffer.from(row.out.subarray(0, row.at)).toString("latin1") === target;
  },
};

function putDecimal(row: CanonicalRow, value: number): boolean {
  for (let decimals = 0, power = 1; decimals <= MAX_DECIMALS; decimals++, power *= 10) {
    const digits = Math.round(value * power);
    if (Math.abs(digits) >= MOST) break;
    if (digits / power === value) return putScaled(row, digits, decimals);
  }
  return Number.isFinite(value) && row.putAscii(inFull(value));
}

/** Digits with a point before the last few. */
function putScaled(row: CanonicalRow, digits: number, decimals: number): true {
  if (digits < 0) row.put(MINUS);
  row.putPadded(Math.abs(digits), decimals + 1);
  if (decimals === 0) return true;
  const point = row.at - decimals;
  row.out.copyWithin(point + 1, point, row.at);
  row.out[point] = POINT;
  row.at++;
  return true;
}

/** Without an exponent, as PostgreSQL writes a decimal. */
function inFull(value: number): string {
  const text = Number(value.toPrecision(15)) === value ? value.toPrecision(15) : value.toPrecision(17);
  const [, sign = "", integer = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d*))?(?:e([-+]\d+))?$/.exec(text) ?? [];
  const point = integer.length + Number(exponent);
  const place = Math.max(0, point);
  const digits = `${"0".repeat(Math.max(0, -point))}${integer}${fraction}`.padEnd(place, "0");
  const whole = digits.slice(0, place).replace(/^0+(?=\d)/, "");
  const rest = digits.slice(place).replace(/0+$/, "");
  return `${sign}${whole === "" ? "0" : whole}${rest === "" ? "" : `.${rest}`}`;
}
