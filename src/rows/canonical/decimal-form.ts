import { type CanonicalForm, textOf } from "./canonical-form.ts";
import { CanonicalValue } from "./canonical-value.ts";
import { putStoredInteger } from "./number-form.ts";
import { RealReader, realParts } from "./real-value.ts";
import { STORED } from "./record-value.ts";

const MINUS = 0x2d;
const POINT = 0x2e;
/** A double holds all decimals of 15 digits. */
const MOST = 1e15;
const MAX_DECIMALS = 6;

/** Decimals without zeros at their end: the one decimal of at most 15 digits that reads as the real, or all 17. */
export const DECIMAL_FORM: CanonicalForm = {
  sqlite: realParts,
  postgres: (c) => textOf(`trim_scale(${c}::numeric)`),
  writer: (parts) => {
    const reader = new RealReader(parts);
    return (into) => {
      const read = reader.next();
      const { bytes, end, start } = reader.whole;
      if (read === "integer") return into.putBytes(bytes, start, end);
      return read === "real" ? putDecimal(into, reader.value) : read === "null" && into.setNull();
    };
  },
  stored: (into, value) => {
    if (value.class === STORED.integer) return putStoredInteger(into, value);
    return value.class === STORED.real ? putDecimal(into, value.number) : value.class === STORED.null && into.setNull();
  },
  isAlike(raw, targetText) {
    const [integer = "", fraction = ""] = targetText.split(".");
    const trimmed = fraction.replace(/0+$/, "");
    const target = trimmed === "" ? integer : `${integer}.${trimmed}`;
    if (raw.type === "integer") return target === raw.value.toString();
    if (raw.type !== "real") return false;
    const into = new CanonicalValue();
    return putDecimal(into, raw.value) && Buffer.from(into.out.subarray(0, into.at)).toString("latin1") === target;
  },
};

function putDecimal(into: CanonicalValue, value: number): boolean {
  for (let decimals = 0, power = 1; decimals <= MAX_DECIMALS; decimals++, power *= 10) {
    const digits = Math.round(value * power);
    if (Math.abs(digits) >= MOST) break;
    if (digits / power === value) return putScaled(into, digits, decimals);
  }
  return Number.isFinite(value) && into.putAscii(inFull(value));
}

/** Digits with a point before the last few. */
function putScaled(into: CanonicalValue, digits: number, decimals: number): true {
  if (digits < 0) into.put(MINUS);
  into.putPadded(Math.abs(digits), decimals + 1);
  if (decimals === 0) return true;
  const point = into.at - decimals;
  into.out.copyWithin(point + 1, point, into.at);
  into.out[point] = POINT;
  into.at++;
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
