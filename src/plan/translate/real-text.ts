/** A real as SQLite writes it where a column makes a text of it: 15 digits, and always a point. */
export function realText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  if (value === 0) return "0.0";
  const [digits = "", exponent = "0"] = value.toExponential(14).split("e");
  const mantissa = digits.replace(/0+$/, "").replace(/\.$/, "");
  const power = Number(exponent);
  if (power < -4 || power >= 15) {
    const sign = power < 0 ? "-" : "+";
    return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = value.toFixed(Math.max(0, 14 - power));
  const trimmed = plain.includes(".") ? plain.replace(/0+$/, "") : plain;
  return trimmed.endsWith(".") ? `${trimmed}0` : trimmed.includes(".") ? trimmed : `${trimmed}.0`;
}
