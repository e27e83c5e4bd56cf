import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";
import { isOf } from "../translate/row-condition.ts";
import { type ColumnAnswer, type ColumnNote, quarantineRows, WRITE_RULES } from "../types/column-note.ts";
import { numberType } from "../types/number-type.ts";
import { counted, valuesAre } from "./count-values.ts";

/** Blobs next to numbers: PostgreSQL has no type for both. The type chosen holds the more frequent ones. */
export function blobsAndNumbers(
  column: SourceColumn,
  profile: ColumnProfile,
  keyed: boolean,
): ColumnNote & { readonly type: string } {
  const { blobs, integers, reals, texts } = profile;
  const fewBlobs = blobs <= integers + reals;
  const type = fewBlobs ? (texts > 0 ? "text" : numberType(profile)) : "bytea";
  const quarantined = quarantineRows(type, column, keyed);
  return {
    type,
    code: "MIXED_STORAGE",
    severity: "blocking",
    count: fewBlobs ? blobs : integers + reals,
    where: fewBlobs ? isOf(column, "blob") : isOf(column, "integer", "real"),
    message:
      `it holds ${storage(profile)}, and no type of PostgreSQL holds all of them unchanged: ` +
      `${type} does not hold the ${fewBlobs ? "blobs" : "numbers"}`,
    hint: `${WRITE_RULES}; or make the values alike in the source`,
    // An expression would make keys of other values than the application looks up.
    answers: keyed ? quarantined : [asBytes(column), ...quarantined],
  };
}

/** Every value as bytes: texts as their bytes, numbers as those of their decimal text. */
export function asBytes(column: SourceColumn): ColumnAnswer {
  const c = sqliteName(column.name);
  return {
    description: "bytea; texts as their bytes, numbers as the bytes of their decimal text",
    rule: {
      type: "bytea",
      expression:
        `CASE typeof(${c}) WHEN 'real' THEN CAST(printf('%!.17g', ${c}) AS BLOB) WHEN 'null' THEN NULL ` +
        `ELSE CAST(${c} AS BLOB) END`,
    },
  };
}

export function textsAndBlobs(column: SourceColumn, { texts, blobs }: ColumnProfile, keyed: boolean): ColumnNote {
  const inBlob = column.affinity === "blob" && column.declaredType !== "";
  const c = sqliteName(column.name);
  return {
    code: inBlob ? "TEXT_IN_BLOB" : "MIXED_STORAGE",
    severity: "warning",
    count: inBlob ? texts : blobs,
    where: isOf(column, inBlob ? "text" : "blob"),
    message: `it holds ${counted(texts, "text")} and ${counted(blobs, "blob")}: it becomes bytea, texts as their bytes`,
    hint:
      "make the values alike in the source if the application reads them as text: `UPDATE … SET x = CAST(x AS " +
      "TEXT)`",
    ...(keyed
      ? {}
      : {
          answers: [
            {
              description:
                "text; blobs are read as text, and what is no valid text is quarantined in changeover.quarantine",
              rule: {
                type: "text",
                expression: `CASE typeof(${c}) WHEN 'blob' THEN CAST(${c} AS TEXT) ELSE ${c} END`,
                onBadValue: "quarantine",
              },
            },
          ],
        }),
  };
}

/** Texts among numbers: text holds both. `type` is what the numbers alone would have become. */
export function textsAndNumbers(
  column: SourceColumn,
  profile: ColumnProfile,
  type: string,
  keyed: boolean,
): ColumnNote {
  const { texts, emptyTexts } = profile;
  if (emptyTexts === texts && !keyed) return emptyTextsIn(column, profile, type);
  const few = texts <= profile.integers + profile.reals;
  return {
    code: "MIXED_STORAGE",
    severity: "warning",
    count: texts,
    where: isOf(column, "text"),
    message: `it holds ${storage(profile)}: it becomes text, numbers as their decimal text`,
    hint: `correct the texts in the source, or say by a rule what becomes of them, to get a column of ${type}`,
    ...(few ? { answers: quarantineRows(type, column, keyed) } : {}),
  };
}

/** Empty texts where a type other than text is meant. */
export function emptyTextsIn(column: SourceColumn, { emptyTexts }: ColumnProfile, type: string): ColumnNote {
  return {
    code: "EMPTY_TEXT",
    severity: "warning",
    count: emptyTexts,
    where: `${isOf(column, "text")} AND octet_length(t.${sqliteName(column.name)}) = 0`,
    message:
      `${valuesAre(emptyTexts)} the empty text where ${type} would do for all others: it becomes text, ` +
      "which keeps it",
    hint: "say by a rule that the empty text is NULL, if that is what it means to the application",
    answers: [
      column.notNull
        ? {
            description: `${type}; rows with the empty text there are quarantined in changeover.quarantine`,
            rule: { type, onBadValue: "quarantine" },
          }
        : { description: `${type}; the empty text arrives as NULL`, rule: { type, nullAndEmpty: "empty-to-null" } },
    ],
  };
}

/** `3 blobs, 4 texts and 120 numbers`. */
function storage({ blobs, texts, integers, reals }: ColumnProfile): string {
  const parts = [
    [integers + reals, "number"],
    [texts, "text"],
    [blobs, "blob"],
  ] as const;
  const named = parts.filter(([count]) => count > 0).map(([count, name]) => counted(count, name));
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}
