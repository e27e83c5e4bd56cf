import { ValueError } from "../errors.ts";
import type { TableMapping } from "../model/mapping.ts";

/**
 * COPY text as UTF-8. A UTF-16 database hands out its own encoding; strictly decoded, since a lone
 * surrogate would otherwise become U+FFFD without a word.
 */
export function asUtf8(text: ArrayBuffer, mapping: Pick<TableMapping, "encoding" | "source">): Uint8Array {
  const encoding = mapping.encoding ?? "UTF-8";
  if (encoding === "UTF-8") return new Uint8Array(text);
  try {
    return new TextEncoder().encode(new TextDecoder(encoding === "UTF-16le" ? "utf-16le" : "utf-16be", { fatal: true, ignoreBOM: true }).decode(text));
  } catch (cause) {
    throw new ValueError({
      code: "INVALID_TEXT",
      message: `table ${mapping.source} holds text with a lone UTF-16 surrogate, which PostgreSQL cannot hold`,
      hint: "correct those texts in the source, then run the same command again",
      context: { table: mapping.source },
      cause,
    });
  }
}
