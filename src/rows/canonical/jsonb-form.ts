import { type CanonicalForm, NO_TEXT, textOf, textToken, writtenOf } from "./canonical-form.ts";
import { JsonbWriter } from "./jsonb-writer.ts";
import { putStoredInteger } from "./number-form.ts";
import { STORED } from "./record-value.ts";
import type { ValueTokens } from "./value-tokens.ts";

/** Of values as they lie in the file, each of which is over before the next begins. */
const WRITER = new JsonbWriter();

/** JSON as jsonb writes it. Its end shows, so it needs no length before it. */
export const JSONB_FORM: CanonicalForm = {
  sqlite: (c, options) => [
    {
      sql: textToken(c, options, `CASE WHEN ${c}=(${c}|0) AND typeof(${c})='integer' THEN ${c} ELSE ${NO_TEXT} END`),
      separator: "control",
    },
  ],
  postgres: textOf,
  writer: ([values]) => {
    const tokens = values as ValueTokens;
    const writer = new JsonbWriter();
    return (into) => {
      tokens.next();
      if (!tokens.isForeign) return writer.write(into, tokens);
      into.hasTooLong ||= tokens.isTooLong;
      return tokens.isNull && into.setNull();
    };
  },
  stored: (into, value) => {
    if (value.class === STORED.text) return WRITER.write(into, value);
    return value.class === STORED.integer
      ? putStoredInteger(into, value)
      : value.class === STORED.null && into.setNull();
  },
  isAlike: (raw, targetText) =>
    raw.type === "text"
      ? writtenOf(JSONB_FORM.writer, raw.bytes) === targetText
      : raw.type === "integer" && raw.value.toString() === targetText,
};
