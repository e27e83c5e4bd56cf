import type { ColumnProfile } from "../model/profile.ts";
import type { SourceColumn } from "../model/schema.ts";
import type { TypeChoice } from "./type-choice.ts";

type Note = TypeChoice["findings"][number];

export function noOneType(profile: ColumnProfile, what: string): Note {
  return {
    code: "MIXED_STORAGE",
    severity: "blocking",
    count: profile.blobs + profile.texts,
    message: `it holds ${what}, and no type of PostgreSQL holds all of them unchanged`,
    hint: "make the values alike in the source: `UPDATE … SET x = CAST(x AS TEXT)`, or AS BLOB for all",
  };
}

export function badTexts(profile: ColumnProfile): Note {
  return {
    code: profile.nulTexts > 0 ? "NUL_IN_TEXT" : "INVALID_UTF8",
    severity: "warning",
    count: profile.nulTexts + profile.invalidTexts,
    message: `${profile.nulTexts} texts hold a NUL byte and ${profile.invalidTexts} are not valid UTF-8, which PostgreSQL's text cannot hold: it becomes bytea`,
    hint: "correct those texts in the source to get a text column",
  };
}

export function mixedBytes(column: SourceColumn, profile: ColumnProfile): Note {
  const inBlob = column.affinity === "blob" && column.declaredType !== "";
  return {
    code: inBlob ? "TEXT_IN_BLOB" : "MIXED_STORAGE",
    severity: "warning",
    count: inBlob ? profile.texts : profile.blobs,
    message: `it holds ${profile.texts} texts and ${profile.blobs} blobs: it becomes bytea, texts as their bytes`,
    hint: "make the values alike in the source if the application reads them as text: `UPDATE … SET x = CAST(x AS TEXT)`",
  };
}

export function mixedText(profile: ColumnProfile): Note {
  return {
    code: "MIXED_STORAGE",
    severity: "warning",
    count: profile.texts,
    message: `it holds ${profile.integers + profile.reals} numbers and ${profile.texts} texts: it becomes text, numbers as their decimal text`,
    hint: "correct the texts in the source to get a column of numbers",
  };
}

export function textsInNumbers(profile: ColumnProfile): Note {
  return {
    code: "TEXT_IN_NUMBER",
    severity: "warning",
    count: profile.texts,
    message: `it is declared as numbers and all ${profile.texts} values are texts: it becomes text`,
    hint: "nothing to do, unless the application counts on numbers there",
  };
}

export function notBoolean(profile: ColumnProfile): Note {
  return {
    code: "NOT_BOOLEAN",
    severity: "warning",
    count: profile.notBoolean,
    message: `it is declared boolean and ${profile.notBoolean} values are neither 0 nor 1: it becomes bigint`,
    hint: "correct those values in the source to get a boolean column",
  };
}

export function beyondScale(profile: ColumnProfile): Note {
  return {
    code: "BEYOND_SCALE",
    severity: "warning",
    count: profile.beyondScale,
    message: `${profile.beyondScale} values have more digits than the declared type: it becomes numeric without limits, which keeps them`,
    hint: "round those values in the source to get the declared precision",
  };
}
