import type { DeclaredKind } from "../../model/declared-type.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { figure } from "../findings/count-values.ts";
import { isAddressByName, isDeclaredAddress } from "../findings/format-findings.ts";
import type { Choose, TypeChoice, TypeContext } from "./type-choice.ts";

/** Without a declaration, this many values must agree. */
const ENOUGH = 20;

/** A type that says more than text, if all texts have its form; null if there is none. */
export function chooseRichType(
  column: SourceColumn,
  kind: DeclaredKind,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice | null {
  const { texts } = profile;
  const enough = texts >= ENOUGH;
  // In a key, spellings that are one value to PostgreSQL must not be two keys to SQLite.
  if (profile.uuids === texts && (kind === "uuid" || enough) && (!context.keyed || profile.lowerUuids === texts))
    return choose("uuid", `all ${figure(texts)} values are RFC 4122 UUIDs`);
  if (context.keyed) return null;
  if (
    profile.json === texts &&
    profile.jsonRejected === 0 &&
    (kind === "json" || (enough && profile.jsonContainers === texts))
  )
    return choose("jsonb", `all ${figure(texts)} values are valid JSON${shape(profile)}`);
  if (profile.inets === texts && (isDeclaredAddress(column) || (enough && isAddressByName(column))))
    return choose("inet", `all ${figure(texts)} values are IPv4 or IPv6 addresses`);
  if (profile.isoTimes === texts && kind === "time") return choose("time", `all ${figure(texts)} values are HH:MM:SS`);
  if (enough && kind === "text") {
    if (profile.zonedTimestamps === texts)
      return choose("timestamptz", `all ${figure(texts)} values are ISO timestamps with a zone`);
    if (profile.isoTimestamps === texts && profile.zonedTimestamps === 0)
      return choose("timestamp", `all ${figure(texts)} values are ISO timestamps without a zone`);
    if (profile.isoDates === texts) return choose("date", `all ${figure(texts)} values are YYYY-MM-DD`);
  }
  return null;
}

function shape({ jsonObjects, jsonContainers, json }: ColumnProfile): string {
  if (jsonObjects === json) return " objects";
  if (jsonContainers === json) return jsonObjects === 0 ? " arrays" : " objects and arrays";
  return "";
}
