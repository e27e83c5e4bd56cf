import { fitsInt4, type OrmProfile } from "../../model/orm-profile.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import type { TypeChoice } from "./type-choice.ts";

/** The type that an ORM expects, where it holds all values of the one that they suggest. */
export function followOrm(orm: OrmProfile, column: SourceColumn, seen: ColumnProfile, choice: TypeChoice): TypeChoice {
  const as = (type: string, why: string): TypeChoice => ({
    ...choice,
    type,
    evidence: `${choice.evidence}; ${type} for ${why}`,
  });
  if (choice.type === "bigint") {
    if (orm.hasTruthDefaults && isTruth(column, seen)) return as("boolean", "its values and its default");
    if (orm.integers === "int4" && fitsInt4(seen.minInteger, seen.maxInteger, column.declaredType))
      return as("integer", "the profile, and its values fit");
  }
  if (choice.type === "timestamp" && orm.isZoned) return as("timestamptz", "the profile; its times are UTC");
  const isUuid = orm.uuids?.test(column.declaredType.trim()) === true && choice.type === "text";
  if (isUuid && (seen.texts === 0 || seen.maxTextLength === 32)) return as("uuid", "the profile");
  return choice;
}

function isTruth({ defaultSql }: SourceColumn, { blobs, notBoolean, reals, texts }: ColumnProfile): boolean {
  return /^[\s(]*(true|false)[\s)]*$/i.test(defaultSql ?? "") && notBoolean + reals + texts + blobs === 0;
}
