/**
 * Whether a decimal stands for a double: it reads as that double, or it is what SQLite itself writes for it in 15 digits.
 * The two differ for about one real in a thousand million: SQLite's reading of decimals (3.45) is off by one in the last bit
 * where a decimal lies almost between two doubles. -8.924817, written into SQLite, is stored as the double that others
 * write -8.924817000000001; both SQLite and its users mean -8.924817.
 */
export function isDecimalOf(decimal: string, real: number): boolean {
  const value = Number(decimal);
  if (value === real) return true;
  return significantDigits(decimal) <= 15 && value === Number(real.toPrecision(15));
}

function significantDigits(decimal: string): number {
  return decimal
    .replace(/e.*$/i, "")
    .replace(/[^0-9]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "").length;
}
