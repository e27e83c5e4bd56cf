import { TEXT_FORM } from "../canonical-form.ts";
import type { Codec, ConversionOf } from "../codec.ts";
import { escapeCopyText } from "../copy-text.ts";
import { readsAsText, TEXT_INVERSE } from "../inverse.ts";
import { rawText } from "../raw-value.ts";

/**
 * Types without a file of their own (enums, intervals, arrays …): text only, which PostgreSQL must return unchanged.
 * Where PostgreSQL writes the value in another way, verification reports it.
 */
export function otherCodec({ type }: ConversionOf<"other">): Codec {
  return {
    description: type,
    isNumber: false,
    textFormats: [],
    encoder: {
      copyText: escapeCopyText,
      rejected: (c) => `typeof(${c}) NOT IN ('text','null')`,
      json: { toText: (json) => json.putText(null) },
      binary: null,
    },
    comparison: {
      // A column of numbers makes a number of a text that comes back and looks like one, say an enum's label.
      matches: (raw, targetText) => (raw.type === "integer" ? String(raw.value) : rawText(raw)) === targetText,
      canonical: TEXT_FORM,
    },
    inverse: { ...TEXT_INVERSE, habit: null, survivesAffinity: readsAsText },
  };
}
