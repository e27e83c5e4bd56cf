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
    write(arrived, format) {
      switch (format) {
        case "integer":
          return /^-?\d+$/.test(arrived) ? integerValue(BigInt(arrived)) : null;
        case "real":
          return /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(arrived)
            ? { value: { type: "real", value: Number(arrived) }, exact: isDecimalOf(arrived, Number(arrived)) }
            : null;
        case "compact":
          return textValue(compact(arrived));
        default:
          return textValue(arrived);
      }
    },
  };
}

function compact(text: string): string {
  return text.replace(BLANKS, (_, string: string | undefined) => string ?? "");
}
