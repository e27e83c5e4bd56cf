import type { Conversion } from "../model/mapping.ts";
import type { ColumnProfile } from "../model/profile.ts";
import type { Affinity } from "../model/source-schema.ts";
import type { CanonicalForm } from "./canonical/canonical-form.ts";
import type { BinaryRows } from "./encode/binary-rows.ts";
import type { JsonToBinary } from "./encode/json-to-binary.ts";
import type { JsonToText } from "./encode/json-to-text.ts";
import type { Inverse } from "./inverse.ts";
import type { PresentValue } from "./raw-value.ts";
import type { TextFormat } from "./text-formats.ts";

export type ConversionOf<Kind extends Conversion["kind"]> = Extract<Conversion, { readonly kind: Kind }>;

/** All that the program knows of one type. `types/codecs.ts` has one for each kind of conversion. */
export interface Codec {
  /** The type in words, for messages. */
  readonly description: string;
  /** SQLite stores such values in a few bytes, and compares them as numbers whatever their storage class. */
  readonly isNumber: boolean;
  /** The profile knows by the counts of these formats whether texts can be converted. */
  readonly textFormats: readonly TextFormat[];
  readonly encoder: Encoder;
  readonly comparison: Comparison;
  readonly inverse: Inverse;
  /** Values that differ in SQLite and are one in PostgreSQL: two keys would collide. Not set where there are none. */
  readonly merging?: Merging;
}

export interface Merging {
  /** Whether a column may hold such values. */
  isPossible(profile: ColumnProfile): boolean;
  /** SQLite expression: the same text for values that are one in PostgreSQL. `copied`: their COPY text. */
  sameText(c: string, copied: string): string;
}

/** From SQLite to PostgreSQL. */
export interface Encoder {
  /** SQLite expression: the COPY text of column `c`, which is not NULL there. NULL only where `rejected` is 1. */
  copyText(c: string): string;
  /**
   * SQLite expression, 0 or 1 and never NULL: 1 where the value of `c` has no equal in the target's type, or
   * PostgreSQL would change it without an error. What PostgreSQL rejects by itself need not be here.
   */
  rejected(c: string): string;
  /** SQLite expression, 1 where PostgreSQL rejects the value of `c`, as far as SQL can tell. `type`: the target's. */
  rejectedByPostgres?(c: string, type: string): string | null;
  /** Null where values cannot take the fast path. */
  readonly json: JsonPath | null;
  /** Null for types whose binary format differs from type to type. */
  readonly binary: BinaryEncoder | null;
  /** How a value too large for memory goes to PostgreSQL. Not set where COPY text is not made byte by byte. */
  readonly chunks?: ChunkEncoder;
}

/**
 * SQLite writes a page of rows as JSON in half of the time that it takes to test, escape and join values. A loop over
 * the bytes then makes COPY text or binary rows. A page with a value of another format is written again by the
 * expressions of {@link Encoder}, and so is a page that PostgreSQL rejects.
 */
export interface JsonPath {
  /** SQLite expression: what stands for the value. Default: the value. JSON has no place for blobs, and cuts reals. */
  value?(c: string): string;
  readonly toText: TextOfJson;
}

/** Makes COPY text of the JSON value that comes next; false if it is of another format. */
export type TextOfJson = (json: JsonToText) => boolean;

/**
 * How PostgreSQL takes a type in a binary COPY: numbers, timestamps and UUIDs ready to be stored, the rest as bytes.
 * PostgreSQL spends a third less on such rows than on text (four tables of the sample: 1.6 s and 2.6 s).
 */
export interface BinaryEncoder {
  /** For a column of an affinity: in one of REAL, SQLite stores whole numbers for reals. */
  fromRecord(affinity: Affinity): BinaryOfRecord;
  readonly fromJson: BinaryOfJson;
  /** Only where a rowid can be such a value. False if it is out of range. */
  fromRowid?(rows: BinaryRows, value: number): boolean;
  /** Values that the loop over records writes without a call, since most values of most tables are such. */
  inlined?(affinity: Affinity): "text" | "bigint" | null;
}

/** Writes a value that is not NULL from `length` bytes at `start`; false if it is of another format. */
export type BinaryOfRecord = (rows: BinaryRows, serialType: number, start: number, length: number) => boolean;

/** Writes the JSON value that comes next; false if it is of another format. */
export type BinaryOfJson = (json: JsonToBinary) => boolean;

/** COPY text of a value that is read in chunks. */
export interface ChunkEncoder {
  readonly lead: Uint8Array;
  /** Bytes of COPY text that a byte of the value takes, unless it is full of escapes. */
  readonly growth: number;
  readonly isText: boolean;
  chunk(bytes: Uint8Array): Uint8Array;
}

/** Whether the two databases hold equal values. Uses nothing of the encoder: see `types/codecs.ts`. */
export interface Comparison {
  /** Whether PostgreSQL's text output equals `raw`. */
  matches(raw: PresentValue, targetText: string): boolean;
  readonly canonical: CanonicalForm;
}

/** How the profile tells that a text has a format. */
export interface TextFormatTest {
  /** Whether a column with this declared type should hold such texts: then they are counted to the end. */
  isPromisedBy(declaredType: string): boolean;
  /** Bytes of the shortest and the longest such text. */
  readonly lengths: readonly [min: number, max: number];
  /** SQLite expression: 1 for a text `c` of the format, else 0 or NULL. */
  sql(c: string): string;
  /** The same answer for every text of such a length, from its bytes, in a twentieth of the time. */
  bytes(bytes: Uint8Array, start: number, end: number): boolean;
  readonly refinements: readonly Refinement[];
  /** Counted for texts without the format, too: what text begins with one of a few bytes. */
  readonly openings?: readonly TextOpening[];
}

/** A count that comes with a format, and means something where all texts have the format. */
export interface Refinement {
  readonly field: string;
  sql(c: string): string;
  bytes(bytes: Uint8Array, start: number, end: number): boolean;
}

export interface TextOpening {
  readonly field: string;
  sql(c: string): string;
  readonly firstBytes: readonly number[];
}
