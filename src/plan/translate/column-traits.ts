import type { ColumnProfile } from "../../model/profile.ts";
import type { Affinity } from "../../model/source-schema.ts";
import {
  INTEGER,
  isNumericAffinity,
  NUMBERS,
  REAL,
  type StorageClasses,
  seenClasses,
  seenRange,
  TEXT,
} from "./storage-classes.ts";
import { familyOfType, OWN_CLASSES, type ValueTraits } from "./typed-sql.ts";

export interface ColumnFacts {
  /** Of PostgreSQL. */
  readonly type: string;
  readonly byBytes: boolean;
  readonly affinity: Affinity;
  /** Of SQLite. */
  readonly collation: string;
  readonly profile: ColumnProfile;
  /** A CHECK of the target refuses texts that look like numbers. */
  readonly isKeptText?: boolean;
}

/**
 * What a column is in both databases. The chosen type rejects what the profile did not see; the affinity decides what
 * SQLite makes of a number that comes later.
 */
export function columnTraits(facts: ColumnFacts): ValueTraits {
  const { type, byBytes, affinity, collation, profile } = facts;
  const family = familyOfType(type);
  const isRespelled = mayBeRespelled(type, profile);
  return {
    family,
    classes: classesOf(type, affinity, profile) | (facts.isKeptText === true ? 0 : laterClasses(type, affinity)),
    affinity,
    collation,
    byBytes,
    range: family === "integer" || family === "double" || family === "numeric" ? seenRange(profile) : null,
    ...(family === "boolean" ? { range: [0, 1] as const } : {}),
    ...(isRespelled ? { isRespelled } : {}),
    ...(family === "other" || family === "json" ? { typeName: type } : {}),
  };
}

/** As if the column held nothing that its type does not stand for: for what need not mean exactly the same. */
export function looseTraits(traits: ValueTraits): ValueTraits {
  return { ...traits, classes: OWN_CLASSES[traits.family], isRespelled: false };
}

function classesOf(type: string, affinity: Affinity, profile: ColumnProfile): StorageClasses {
  const family = familyOfType(type);
  const seen = seenClasses(profile);
  switch (family) {
    case "integer":
    case "boolean":
      return affinity === "text" ? TEXT : affinity === "real" ? REAL : INTEGER;
    case "double":
    case "numeric":
      return affinity === "text" ? TEXT : affinity === "real" ? REAL : NUMBERS;
    case "text":
    case "bytea":
      return OWN_CLASSES[family] | seen;
    default:
      return seen === 0 ? TEXT : seen;
  }
}

/**
 * In addition to what was seen: where SQLite makes a number of each text that looks like one, text takes it as it is,
 * during the sync and after it.
 */
function laterClasses(type: string, affinity: Affinity): StorageClasses {
  if (familyOfType(type) !== "text" || !isNumericAffinity(affinity)) return 0;
  return affinity === "real" ? REAL : INTEGER;
}

function mayBeRespelled(type: string, profile: ColumnProfile): boolean {
  const { isoDates, lowerUuids, texts, uuids, zonedTimestamps } = profile;
  switch (familyOfType(type)) {
    case "timestamp":
      return isoDates > 0 || zonedTimestamps > 0;
    case "timestamptz":
      return texts > 0;
    case "json":
      return true;
    case "other":
      return type !== "uuid" || lowerUuids < uuids;
    default:
      return false;
  }
}
