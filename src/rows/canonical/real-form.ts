import type { CanonicalForm } from "./canonical-form.ts";
import { RealReader, realParts } from "./real-value.ts";
import { STORED } from "./record-value.ts";

const REAL = new DataView(new ArrayBuffer(8));
const REAL_BYTES = new Uint8Array(REAL.buffer);

/** Doubles by their eight bytes in hexadecimal digits: -0.0 is a value of its own. */
export const REAL_FORM: CanonicalForm = {
  sqlite: realParts,
  postgres: (c, { isNeverNull }) => {
    const bytes = `encode(float8send(${c}), 'hex')`;
    return [isNeverNull ? bytes : `coalesce(${bytes}, '~')`];
  },
  writer: (parts) => {
    const reader = new RealReader(parts);
    return (row) => {
      const read = reader.next();
      if (read === "null") return row.putNull();
      if (read === "unknown" || (read === "integer" && !isExact(reader))) return false;
      REAL.setFloat64(0, reader.value);
      for (let index = 0; index < 8; index++) row.putHexadecimal(REAL.getUint8(index));
      return true;
    };
  },
  stored: (row, value) => {
    if (value.class === STORED.null) return row.putNull();
    // A record has a real by the bytes that PostgreSQL sends.
    if (value.class === STORED.real && !value.isFromInteger)
      return row.putAllHexadecimal(value.bytes, value.start, value.end);
    if (value.class !== STORED.real && value.class !== STORED.integer) return false;
    if (Number.isNaN(value.number)) return false;
    REAL.setFloat64(0, value.number);
    return row.putAllHexadecimal(REAL_BYTES, 0, 8);
  },
  isAlike: (raw, targetText) =>
    raw.type === "real"
      ? Object.is(Number(targetText), raw.value)
      : raw.type === "integer" && BigInt(Number(targetText)) === raw.value,
};

/** Whether an integer is a double, too. */
function isExact({ value, whole: { bytes, end, start } }: RealReader): boolean {
  if (Number.isSafeInteger(value)) return true;
  return BigInt(Buffer.from(bytes.subarray(start, end)).toString("latin1")) === BigInt(value);
}
