import type { KeyValue, Tuple } from "../model/key.ts";
import type { KeyColumn, TableMapping } from "../model/mapping.ts";
import type { SourceValue } from "../model/source-value.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "./as-utf8.ts";
import { balanced } from "./copy-text.ts";

/** SQLite expression: a key as one word without white space, which {@link parseKeyText} reads. */
export function keyText(columns: readonly Pick<KeyColumn, "source">[], qualifier: string): string {
  const values = columns.map(({ source }) => {
    const v = `${qualifier}.${sqliteName(source)}`;
    return `(CASE typeof(${v}) WHEN 'integer' THEN 'i'||${v} WHEN 'real' THEN 'r'||printf('%!.17g',${v})
      WHEN 'text' THEN 't'||hex(CAST(${v} AS BLOB)) WHEN 'blob' THEN 'b'||hex(${v}) ELSE 'n' END)`;
  });
  return balanced(
    values.flatMap((value, index) => (index === 0 ? [value] : ["','", value])),
    "||",
  );
}

/** Keys that SQLite joined, one a line; null for none. */
export function parseKeyTexts(
  joined: SourceValue | undefined,
  mapping: Pick<TableMapping, "encoding" | "source">,
): Tuple[] {
  if (joined == null) return [];
  return new TextDecoder()
    .decode(asUtf8(joined as ArrayBuffer, mapping))
    .split("\n")
    .map(parseKeyText);
}

export function parseKeyText(text: string): Tuple {
  return text.split(",").map(keyValue);
}

/** The word that {@link parseKeyText} reads. */
export function keyTextOf(tuple: Tuple): string {
  return tuple.map(wordOf).join(",");
}

function wordOf(value: KeyValue): string {
  switch (value.type) {
    case "integer":
      return `i${value.value}`;
    case "real":
      return `r${value.value === "Infinity" ? "Inf" : value.value === "-Infinity" ? "-Inf" : String(value.value)}`;
    case "text":
      return `t${value.hex}`;
    case "blob":
      return `b${value.hex}`;
    case "null":
      return "n";
  }
}

function keyValue(word: string): KeyValue {
  const value = word.slice(1);
  switch (word[0]) {
    case "i":
      return { type: "integer", value };
    case "r":
      return { type: "real", value: value === "Inf" ? "Infinity" : value === "-Inf" ? "-Infinity" : Number(value) };
    case "t":
      return { type: "text", hex: value.toLowerCase() };
    case "b":
      return { type: "blob", hex: value.toLowerCase() };
    default:
      return { type: "null" };
  }
}
