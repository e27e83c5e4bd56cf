import { type Inverse, textValue } from "./inverse.ts";

/** Days that SQLite's date functions know: neither infinity nor years before 1 or after 9999. */
export const date: Inverse = {
  formatOf: () => "text",
  formats: () => ["text"],
  write: (targetText) => (/^\d{4}-\d\d-\d\d$/.test(targetText) ? textValue(targetText) : null),
};
