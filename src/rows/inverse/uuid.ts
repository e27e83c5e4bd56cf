import { decoded } from "../text.ts";
import { type Inverse, IRREGULAR, textValue } from "./inverse.ts";

/** `blob`, or a text's case and whether it has hyphens. Without a letter it passes for lower case. */
export const uuid: Inverse = {
  formatOf(raw) {
    if (raw.type === "blob") return "blob";
    const value = raw.type === "text" ? decoded(raw.bytes) : null;
    if (value === null) return IRREGULAR;
    const letters = /^[^A-Z]*$/.test(value) ? "lower" : /^[^a-z]*$/.test(value) ? "upper" : null;
    const hyphens = /^[^-]{8}-[^-]{4}-[^-]{4}-[^-]{4}-[^-]{12}$/.test(value)
      ? "hyphens"
      : /^[^-]{32}$/.test(value)
        ? "plain"
        : null;
    return letters === null || hyphens === null ? IRREGULAR : `${letters} ${hyphens}`;
  },
  formats: () => ["lower hyphens", "upper hyphens", "lower plain", "upper plain", "blob"],
  write(targetText, format) {
    const plain = targetText.replaceAll("-", "");
    switch (format) {
      case "blob":
        return { value: { type: "blob", bytes: new Uint8Array(Buffer.from(plain, "hex")) }, exact: true };
      case "lower hyphens":
        return textValue(targetText);
      case "upper hyphens":
        return textValue(targetText.toUpperCase());
      case "lower plain":
        return textValue(plain);
      case "upper plain":
        return textValue(plain.toUpperCase());
      default:
        return null;
    }
  },
};
