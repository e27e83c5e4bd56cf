/**
 * Whether a decimal stands for a double: it reads as that double and has no digits beyond it, or SQLite writes the
 * double so in 15 digits. The two differ for about one real in a thousand million: SQLite's reading of decimals (3.45)
 * is off by one in the last bit where a decimal lies almost between two doubles. So -8.924817, written into SQLite, is
 * stored as the double that others write -8.924817000000001. Both SQLite and its users mean -8.924817.
 */
export function isDecimalOf(decimal: string, real: number): boolean {
  const value = Number(decimal);
  const digits = significantDigits(decimal);
  if (value !== real) return digits <= 15 && value === Number(real.toPrecision(15));
  // Decimals that are too large or too small for any double read as these.
  if (!Number.isFinite(real)) return /^[-+]?inf/i.test(decimal);
  if (real === 0) return digits === 0;
  return digits <= 15 || isWrittenAs(decimal, real);
}

/** Whether a decimal is how a double is written: in the fewest digits that read back, or in 15 or 17. */
export function isWrittenAs(decimal: string, real: number): boolean {
  const expected = normal(decimal);
  if ([String(real), real.toPrecision(15)].some((written) => normal(written) === expected)) return true;
  // SQLite's seventeenth digit is not always the nearest one.
  const [ours, theirs] = [real.toPrecision(17), decimal].map(seventeenDigits);
  if (ours == null || theirs == null || ours.power !== theirs.power) return false;
  const difference = ours.digits - theirs.digits;
  return difference >= -1n && difference <= 1n;
}

/** Sign, digits without zeros around them, and the power of ten of the first: `-12e1` for -12.0. */
function normal(decimal: string): string {
  const match = /^(-?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(decimal);
  if (match === null) return decimal;
  const [, sign = "", integer = "", fraction = "", exponent = "0"] = match;
  const digits = `${integer}${fraction}`;
  const first = digits.search(/[1-9]/);
  if (first < 0) return "0";
  return `${sign}${digits.slice(first).replace(/0+$/, "")}e${integer.length - first + Number(exponent)}`;
}

function seventeenDigits(decimal: string): { readonly digits: bigint; readonly power: string } | null {
  const [, sign = "", digits = "", power = ""] = /^(-?)(\d+)e(.*)$/.exec(normal(decimal)) ?? [];
  if (digits === "" || digits.length > 17) return null;
  return { digits: BigInt(digits.padEnd(17, "0")), power: `${sign}${power}` };
}

function significantDigits(decimal: string): number {
  return decimal
    .replace(/e.*$/i, "")
    .replace(/[^0-9]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "").length;
}

const WRITTEN = /^-?(\d+)\.(\d*[1-9]|0)(e[-+]\d\d+)?$/;

/** The real that SQLite writes as this text; null if it writes none so. */
export function realOfText(text: string): number | null {
  if (text === "Inf" || text === "-Inf") return text === "Inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const [, integer, fraction] = WRITTEN.exec(text) ?? [];
  if (integer === undefined || `${integer}${fraction}`.replace(/^0+/, "").length > 18) return null;
  return Number(text);
}
