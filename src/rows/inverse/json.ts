import { isDecimalOf } from "../decimal.ts";
import { decoded } from "../text.ts";
import { type Inverse, integerValue, textValue } from "./inverse.ts";

const BLANKS = /("(?:[^"\\]|\\.)*")|[ \t\n\r]+/g;

/**
 * Bare numbers as numbers; text `compact` or `spaced`, as most of the column's is: jsonb forgot how the text was written. Of `json`
 * the text comes back as it is.
 */
export function json(options: { readonly binary: boolean }): Inverse {
  return {
    formatOf(raw) {
      if (raw.type !== "text") return raw.type;
      const text = decoded(raw.bytes) ?? "";
      return options.binary && text === compact(text) ? "compact" : "spaced";
    },
    formats: () => (options.binary ? ["compact", "spaced"] : ["spaced"]),
    write(targetText, format) {
      switch (format) {
        case "integer":
          return /^-?\d+$/.test(targetText) ? integerValue(BigInt(targetText)) : null;
        case "real":
          return /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(targetText)
            ? { value: { type: "real", value: Number(targetText) }, exact: isDecimalOf(targetText, Number(targetText)) }
            : null;
        case "compact":
          return textValue(compact(targetText));
        default:
          return textValue(targetText);
      }
    },
  };
}

function compact(text: string): string {
  return text.replace(BLANKS, (_, string: string | undefined) => string ?? "");
}
