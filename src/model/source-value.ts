/** A value as SQLite holds it: 3 is a bigint, 3.0 a number. Text only where it is known to be harmless. */
export type SourceValue = null | bigint | number | string | ArrayBuffer;
