import { TEXT_FORM } from "../canonical/text-form.ts";
import type { Codec, ConversionOf } from "../codec.ts";
import { escapeCopyText } from "../copy-text.ts";
import { readsAsText, TEXT_INVERSE } from "../inverse.ts";
import { isSameNormalForm } from "../normal-form.ts";
import { rawText } from "../raw-value.ts";

/**
 * Types without a file of their own (enums, intervals, arrays …): text only, which PostgreSQL must return unchanged, or
 * in another way that is surely the same value.
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
      matches(raw, targetText) {
        const sent = raw.type === "integer" ? String(raw.value) : rawText(raw);
        return sent !== null && isSameNormalForm(type, sent, targetText);
      },
      canonical: TEXT_FORM,
    },
    inverse: { ...TEXT_INVERSE, habit: null, survivesAffinity: readsAsText },
  };
}
