import type { DeclaredKind } from "../../model/declared-type.ts";
import type { FindingCode } from "../../model/finding-code.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import type { TextFormat } from "../../rows/text-formats.ts";
import { hasRejectedEscapes } from "../../rows/types/json.ts";
import { cell, hasNoFormat, isOf } from "../translate/row-condition.ts";
import { type ColumnAnswer, type ColumnNote, quarantineRows } from "../types/column-note.ts";
import type { TypeContext } from "../types/type-choice.ts";
import { counted, figure, valuesAre } from "./count-values.ts";

/**
 * What of the texts of a column does not keep to the form that the declared type or nearly all others promise: it stays
 * text.
 */
export function formatFindings(
  column: SourceColumn,
  kind: DeclaredKind,
  profile: ColumnProfile,
  context: TypeContext,
): ColumnNote[] {
  const notes = FORMATS.flatMap((format) => {
    const good = profile[format.count];
    const declared = format.isDeclared(column, kind);
    if (
      good === profile.texts ||
      !(
        declared ||
        (context.enhanced && format.looksSo(column, profile) && good >= ENOUGH && 20 * good >= 19 * profile.texts)
      )
    )
      return [];
    return [
      offFormat(column, format, {
        count: profile.texts - good,
        texts: profile.texts,
        emptyOnly: profile.emptyTexts === profile.texts - good,
        declared,
        keyed: context.keyed,
      }),
    ];
  });
  const escapes =
    kind === "json" && profile.json === profile.texts && profile.jsonRejected > 0
      ? [rejectedEscapes(column, profile, context.keyed)]
      : [];
  return [...notes, ...escapes, ...tooLong(column, profile)];
}

const ENOUGH = 20;

interface Format {
  readonly count: "json" | "uuids" | "isoTimes" | "inets";
  readonly format: TextFormat;
  readonly code: FindingCode;
  readonly type: string;
  readonly what: string;
  isDeclared(column: SourceColumn, kind: DeclaredKind): boolean;
  /** Whether the column could be of this form without a declaration that says so. */
  looksSo(column: SourceColumn, profile: ColumnProfile): boolean;
}

const FORMATS: readonly Format[] = [
  // A text of digits is JSON, too.
  {
    count: "json",
    format: "json",
    code: "INVALID_JSON",
    type: "jsonb",
    what: "valid JSON",
    isDeclared: (_, kind) => kind === "json",
    looksSo: (_, { jsonContainers, texts }) => 20 * jsonContainers >= 19 * texts,
  },
  {
    count: "uuids",
    format: "uuids",
    code: "INVALID_UUID",
    type: "uuid",
    what: "a UUID",
    isDeclared: (_, kind) => kind === "uuid",
    looksSo: () => true,
  },
  {
    count: "isoTimes",
    format: "isoTimes",
    code: "INVALID_TIME",
    type: "time",
    what: "a time HH:MM:SS",
    isDeclared: (_, kind) => kind === "time",
    looksSo: () => false,
  },
  {
    count: "inets",
    format: "inets",
    code: "INVALID_INET",
    type: "inet",
    what: "an IPv4 or IPv6 address",
    isDeclared: isDeclaredAddress,
    looksSo: isAddressByName,
  },
];

export function isDeclaredAddress({ declaredType }: SourceColumn): boolean {
  return /^(inet|cidr)$/i.test(declaredType.trim());
}

export function isAddressByName({ name }: SourceColumn): boolean {
  return /(^|_)ip|Ip$|IP|addr|inet|host/.test(name);
}

interface Seen {
  /** Texts that are not of the form, of so many. */
  readonly count: number;
  readonly texts: number;
  /** All of those are empty. */
  readonly emptyOnly: boolean;
  readonly declared: boolean;
  readonly keyed: boolean;
}

function offFormat(column: SourceColumn, { code, format, type, what }: Format, seen: Seen): ColumnNote {
  const { count } = seen;
  const empty: ColumnAnswer[] =
    seen.emptyOnly && !column.notNull && !seen.keyed
      ? [{ description: `${type}; the empty text arrives as NULL`, rule: { type, nullAndEmpty: "empty-to-null" } }]
      : [];
  return {
    code,
    severity: "info",
    count,
    where: hasNoFormat(column, format),
    message:
      `${seen.declared ? `it is declared ${column.declaredType}, and ` : ""}${figure(count)} of ` +
      `${counted(seen.texts, "value")} ${count === 1 ? "is" : "are"} not ${what}: it stays text`,
    hint: `correct those values in the source, or say by a rule what becomes of them, to get a column of ${type}`,
    answers: 2 * count <= seen.texts ? [...empty, ...quarantineRows(type, column, seen.keyed).reverse()] : [],
  };
}

function rejectedEscapes(column: SourceColumn, { jsonRejected }: ColumnProfile, keyed: boolean): ColumnNote {
  return {
    code: "JSON_ESCAPES",
    severity: "info",
    count: jsonRejected,
    where: `${isOf(column, "text")} AND ${hasRejectedEscapes(cell(column))}`,
    message:
      `${valuesAre(jsonRejected)} valid JSON with \\u0000 or half a surrogate pair as an escape, ` +
      "which jsonb refuses: it stays text",
    hint: "choose json by a rule, which keeps the text as it is, or say what becomes of those values",
    answers: [
      {
        description: "json; the text stays as it is, though functions that read such a value fail",
        rule: { type: "json" },
      },
      ...quarantineRows("jsonb", column, keyed),
    ],
  };
}

/** Texts longer than declared: SQLite never minded. */
function tooLong(column: SourceColumn, profile: ColumnProfile): ColumnNote[] {
  const length = Number(
    /^\s*(?:national\s+)?n?(?:var)?(?:char(?:acter)?)\b[^(]*\(\s*(\d+)\s*\)/i.exec(column.declaredType)?.[1] ?? 0,
  );
  if (length === 0 || profile.maxTextLength <= length) return [];
  const c = cell(column);
  return [
    {
      code: "VARCHAR_LENGTH_EXCEEDED",
      severity: "info",
      where: `${isOf(column, "text")} AND length(${c}) > ${length}`,
      message:
        `it is declared ${column.declaredType} and its longest text has ${figure(profile.maxTextLength)} ` +
        "characters: it becomes text, which has no limit",
      hint: "nothing to do, unless the application counts on the limit",
      answers: quarantineRows(`varchar(${length})`, column, true),
    },
  ];
}
