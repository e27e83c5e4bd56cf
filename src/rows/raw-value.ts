/** A value as SQLite holds it, without any conversion: verification compares with it, and a failback writes it. */
export type RawValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "real"; readonly value: number }
  /** `bytes` are UTF-8; `stored` are the bytes in the database, where those are not. */
  | { readonly type: "text"; readonly bytes: Uint8Array; readonly stored?: Uint8Array }
  | { readonly type: "blob"; readonly bytes: Uint8Array };

/** A value that is not NULL. */
export type PresentValue = Exclude<RawValue, { type: "null" }>;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes; null if the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** The text of a raw text value; null for any other value. */
export function rawText(raw: RawValue): string | null {
  return raw.type === "text" ? decodeUtf8(raw.bytes) : null;
}
