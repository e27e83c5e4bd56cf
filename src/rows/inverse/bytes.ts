import { decoded } from "../text.ts";
import type { Inverse } from "./inverse.ts";

export const bytes: Inverse = {
  formatOf: ({ type }) => type,
  // `utf8` is a text only where the bytes are one.
  formats: (affinity) => (affinity === "text" ? ["utf8", "blob", "text"] : ["blob", "text"]),
  write(targetText, format) {
    const value = new Uint8Array(Buffer.from(targetText.slice(2), "hex"));
    if (format === "utf8")
      return value.includes(0) || decoded(value) === null
        ? null
        : { value: { type: "text", bytes: value }, exact: true };
    return format === "blob" || format === "text" ? { value: { type: format, bytes: value }, exact: true } : null;
  },
};
