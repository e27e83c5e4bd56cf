import { type Inverse, integerValue, textValue } from "./inverse.ts";
import { realOfText } from "./numbers.ts";

/** Numbers in a column that became text are numbers again where their text is what that number is written as. */
export const text: Inverse = {
  formatOf: ({ type }) => type,
  formats: (affinity) => (affinity === "text" ? ["text"] : ["text", "integer", "real"]),
  write(targetText, format) {
    switch (format) {
      case "text":
        return textValue(targetText);
      case "integer":
        return /^(0|-?[1-9]\d{0,18})$/.test(targetText) ? integerValue(BigInt(targetText)) : null;
      case "real": {
        const value = realOfText(targetText);
        return value === null ? null : { value: { type: "real", value }, exact: true };
      }
      default:
        return null;
    }
  },
};

/** Text and nothing else, as it is. */
export const plainText: Inverse = {
  formatOf: () => "text",
  formats: () => ["text"],
  write: (targetText) => textValue(targetText),
};
