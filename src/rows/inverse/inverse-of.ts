import type { Conversion } from "../../model/mapping.ts";
import { boolean } from "./boolean.ts";
import { bytes } from "./bytes.ts";
import { date } from "./date.ts";
import type { Inverse } from "./inverse.ts";
import { json } from "./json.ts";
import { network } from "./network.ts";
import { double, integer, numeric } from "./numbers.ts";
import { plainText, text } from "./text.ts";
import { time } from "./time.ts";
import { timestamp } from "./timestamp.ts";
import { uuid } from "./uuid.ts";

/** How values that a conversion made go back. */
export function inverseOf(conversion: Conversion): Inverse {
  switch (conversion.kind) {
    case "integer":
      return integer;
    case "double":
      return double;
    case "numeric":
      return numeric;
    case "text":
      return text;
    case "bytes":
      return bytes;
    case "boolean":
      return boolean;
    case "timestamp":
      return timestamp(conversion);
    case "date":
      return date;
    case "time":
      return time;
    case "json":
      return json(conversion);
    case "uuid":
      return uuid;
    case "network":
      return network;
    case "other":
      return plainText;
  }
}
