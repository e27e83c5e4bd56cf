/** The formats of COPY that rows travel in. */
export type CopyFormat = "text" | "binary";

/** Rows for one COPY, in one of its formats. */
export interface EncodedRows {
  readonly format: CopyFormat;
  readonly data: Uint8Array;
}
