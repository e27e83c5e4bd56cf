import type { SourceColumn } from "../model/source-schema.ts";
import { namePattern } from "./mentions.ts";

let last = 1_000_000_000_000 + Math.floor(Math.random() * 1_000_000_000_000);

/** A random number that no row has, far from usual ids and from Unix times. */
export function freshNumber(): string {
  last += 1 + Math.floor(Math.random() * 1_000);
  return String(last);
}

/** SQL for a value of the column's type that no row has. */
export function freshValue(column: SourceColumn): string {
  const number = freshNumber();
  switch (column.affinity) {
    case "integer":
    case "numeric":
      return number;
    case "real":
      return `${number}.5`;
    case "text":
      // A JSON string, since expressions on the column may expect JSON.
      return `'"_changeover_${number}"'`;
    case "blob":
      return column.declaredType === "" || /^any$/i.test(column.declaredType)
        ? number
        : `x'${Buffer.from(number).toString("hex")}'`;
  }
}

const COMPARED = "[\"'`\\]]?\\s*(?:=|==|IS|IN\\s*\\()\\s*(?<literal>NULL\\b|[-+]?\\d[\\d.]*|'(?:[^']|'')*')";

/** A value that satisfies a simple condition (`live = 1`, `gone IS NULL`); any value for other conditions. */
export function valueWithin(condition: string, column: SourceColumn): string {
  const compared = namePattern(column.name, COMPARED).exec(condition);
  return compared?.groups?.["literal"] ?? freshValue(column);
}
