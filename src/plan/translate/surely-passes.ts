import type { Conversion, EpochUnit } from "../../model/mapping.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import { codecOf } from "../../rows/types/codecs.ts";
import { isExactInDouble } from "../types/number-type.ts";

/** Whether the profile alone says that no value of a column is refused. Where it does not, the values must be asked. */
export function surelyPasses(conversion: Conversion, profile: ColumnProfile): boolean {
  const { integers, reals, texts, blobs } = profile;
  const only = (count: number) => count === integers + reals + texts + blobs;
  if (only(0)) return true;
  switch (conversion.kind) {
    case "text":
      return (
        blobs === 0 &&
        !conversion.padded &&
        (conversion.maxLength === null || (integers + reals === 0 && profile.maxTextLength <= conversion.maxLength))
      );
    case "bytes":
      return only(texts + blobs);
    case "integer":
      return only(integers) && conversion.type === "bigint";
    case "double":
      return only(integers + reals) && isExactInDouble(profile);
    case "numeric":
      return only(integers + reals) && conversion.scale === null;
    case "boolean":
      return only(integers) && profile.notBoolean === 0;
    case "timestamp":
      if (conversion.decimals !== undefined) return false;
      if (only(integers)) return conversion.epoch !== null && isInCalendar(profile, conversion.epoch);
      return only(profile.isoDates + profile.isoTimestamps) && (conversion.zone || profile.zonedTimestamps === 0);
    case "real":
    case "interval":
    case "array":
      return false;
    case "time":
      return only(profile.isoTimes) && conversion.decimals === undefined;
    case "json":
      return only(profile.json) && (!conversion.binary || profile.jsonRejected === 0);
    case "other":
      return only(texts);
    default:
      return codecOf(conversion).textFormats.some((format) => format !== "localTimestamps" && only(profile[format]));
  }
}

const PER_SECOND: Readonly<Record<EpochUnit, bigint>> = { seconds: 1n, milliseconds: 1_000n, microseconds: 1_000_000n };

/** Years 1 to 9999. */
function isInCalendar({ minInteger, maxInteger }: ColumnProfile, epoch: EpochUnit): boolean {
  const unit = PER_SECOND[epoch];
  return (minInteger ?? 0n) >= -62_135_596_800n * unit && (maxInteger ?? 0n) < 253_402_300_800n * unit;
}
