/** A value as SQLite holds it: 3 is a bigint, 3.0 a number. Text that may be invalid UTF-8 comes as bytes. */
export type SourceValue = null | bigint | number | string | ArrayBuffer;
