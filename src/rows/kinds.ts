import type { Conversion } from "../model/mapping.ts";
import { boolean } from "./boolean.ts";
import { bytes } from "./bytes.ts";
import { date } from "./date.ts";
import { double } from "./double.ts";
import { withDecimals } from "./fewer-decimals.ts";
import { integer } from "./integer.ts";
import { json } from "./json.ts";
import type { ValueKind } from "./kind.ts";
import { network } from "./network.ts";
import { numeric } from "./numeric.ts";
import { other } from "./other.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";
import { timestamp } from "./timestamp.ts";
import { uuid } from "./uuid.ts";

/** The kind of value that a conversion names. */
export function kindOf(conversion: Conversion): ValueKind {
  switch (conversion.kind) {
    case "integer":
      return integer;
    case "double":
      return double;
    case "numeric":
      return numeric(conversion.scale);
    case "text":
      return text(conversion);
    case "bytes":
      return bytes;
    case "boolean":
      return boolean;
    case "timestamp": {
      const { decimals, epoch } = conversion;
      return decimals === undefined ? timestamp(conversion) : withDecimals(timestamp(conversion), { decimals, epoch });
    }
    case "date":
      return date;
    case "time":
      return conversion.decimals === undefined ? time : withDecimals(time, { decimals: conversion.decimals });
    case "json":
      return json(conversion);
    case "uuid":
      return uuid;
    case "network":
      return network;
    case "other":
      return other(conversion.type);
  }
}
