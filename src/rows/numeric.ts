import { shortestReal } from "./copy-text.ts";
import { isDecimalOf } from "./decimal.ts";
import type { ValueKind } from "./kind.ts";
import { rawText } from "./text.ts";

/**
 * Integers exactly, reals as their shortest decimal. PostgreSQL rounds to the declared scale
 * without an error, so what has more decimals is refused here.
 */
export function numeric(scale: number | null): ValueKind {
  const rounds = (c: string) => (scale === null ? "0" : `coalesce(CAST(printf('%.${scale}f',${c}) AS REAL)<>${c},1)`);
  return {
    encode: (c) => `CASE typeof(${c}) WHEN 'integer' THEN CAST(${c} AS TEXT) ELSE ${shortestReal(c)} END`,
    fastPath: {
      shape: { kind: "numeric" },
      json: (c) =>
        `CASE typeof(${c}) WHEN 'real' THEN CASE WHEN ${rounds(c)} THEN '' ELSE ${shortestReal(c)} END WHEN 'text' THEN '' ELSE ${c} END`,
    },
    refused: (c) =>
      `CASE typeof(${c}) WHEN 'integer' THEN 0 WHEN 'null' THEN 0 WHEN 'real' THEN ${rounds(c)} ELSE 1 END`,
    matches(raw, targetText) {
      if (raw.type === "real") return isDecimalOf(targetText, raw.value);
      if (raw.type === "text") return rawText(raw) === targetText;
      if (raw.type !== "integer") return false;
      const [whole = "", fraction = ""] = targetText.split(".");
      return /^0*$/.test(fraction) && BigInt(whole) === raw.value;
    },
  };
}
