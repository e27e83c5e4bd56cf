import type { Conversion } from "../model/mapping.ts";

/** What a conversion makes of a value, for messages. */
export function describeConversion(conversion: Conversion): string {
  switch (conversion.kind) {
    case "integer":
      return conversion.type;
    case "text":
      return conversion.maxLength === null ? "text" : `text of ${conversion.maxLength} characters`;
    case "numeric":
      return conversion.scale === null ? "numeric" : `numeric with ${conversion.scale} decimals`;
    case "timestamp":
      return `a timestamp ${conversion.zone ? "with" : "without"} time zone`;
    case "other":
      return conversion.type;
    default:
      return conversion.kind;
  }
}
