/**
 * One value of a key as SQLite holds it, in a form that JSON keeps exactly.
 * Text and blob bytes are hexadecimal: text may be invalid UTF-8 or hold NUL.
 */
export type KeyValue =
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "real"; readonly value: number | "Infinity" | "-Infinity" }
  | { readonly type: "text"; readonly hex: string }
  | { readonly type: "blob"; readonly hex: string }
  | { readonly type: "null" };

/** The key of one row: its values in the order of the identity's columns. */
export type Tuple = readonly KeyValue[];

/** For messages: readable, and unambiguous enough to find the row. */
export function showTuple(tuple: Tuple): string {
  return tuple.map(showKeyValue).join(", ");
}

export function showKeyValue(value: KeyValue): string {
  switch (value.type) {
    case "null":
      return "NULL";
    case "integer":
      return value.value;
    case "real":
      return String(value.value);
    case "text":
      return JSON.stringify(Buffer.from(value.hex, "hex").toString("utf8"));
    case "blob":
      return `x'${value.hex}'`;
  }
}
