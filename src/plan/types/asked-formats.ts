import type { TargetCatalogue } from "../../model/catalogue.ts";
import type { Conversion } from "../../model/mapping.ts";
import { type Rules, rulesOfColumn } from "../../model/rules.ts";
import type { SourceTable } from "../../model/source-schema.ts";
import { TEXT_FORMATS, type TextFormat } from "../../rows/text-formats.ts";
import { codecOf } from "../../rows/types/codecs.ts";
import { chooseConversion } from "./choose-conversion.ts";
import { conversionOfType } from "./conversion-of-type.ts";

export interface AskedFormatsOptions {
  readonly types: "plain" | "enhanced";
  readonly rules: Rules;
  /** Null where there is none yet. */
  readonly target: TargetCatalogue | null;
}

/** By column. */
export type FormatsOfTable = Readonly<Record<string, readonly TextFormat[]>>;

/**
 * Which forms of texts a look at tables need count, by table: all that a type may be chosen by, and those of types that
 * a rule or the target gives. (What a declared type promises is counted in any case.) Counting all of them takes a
 * quarter of the look. What was not counted is not lost: where it turns out to matter, the values themselves are asked.
 */
export function askedFormats(
  tables: readonly SourceTable[],
  { rules, target, types }: AskedFormatsOptions,
): ReadonlyMap<string, FormatsOfTable> {
  const given = formatsInTarget(target);
  const ofColumn = (table: SourceTable, column: string) => {
    if (types === "enhanced") return TEXT_FORMATS;
    const { type } = rulesOfColumn(rules, table.name, column);
    const wanted = [
      ...(type === undefined ? [] : formatsOf(conversionOfType(type, undefined))),
      ...(isReadAsJson(table, column) ? (["json"] as const) : []),
    ];
    return TEXT_FORMATS.filter((format) => wanted.includes(format) || given.get(folded(column))?.has(format) === true);
  };
  return new Map(
    tables.map((table) => [
      table.name,
      Object.fromEntries(table.columns.map((column) => [column.name, ofColumn(table, column.name)])),
    ]),
  );
}

/** Whether a unique index is on a member of it: where all values are JSON, PostgreSQL can have one, too. */
function isReadAsJson({ indexes }: SourceTable, column: string): boolean {
  return indexes.some(
    ({ terms, unique }) =>
      unique &&
      terms.some(
        ({ expression }) =>
          expression !== null &&
          /json_extract|->>/i.test(expression) &&
          expression.toLowerCase().includes(column.toLowerCase()),
      ),
  );
}

/** By the names of columns alone: which table becomes which is not settled yet. */
function formatsInTarget(target: TargetCatalogue | null): ReadonlyMap<string, ReadonlySet<TextFormat>> {
  const formats = new Map<string, Set<TextFormat>>();
  for (const column of target?.tables.flatMap(({ columns }) => columns) ?? []) {
    const known = formats.get(folded(column.name)) ?? new Set();
    for (const format of formatsOf(chooseConversion(column, undefined))) known.add(format);
    formats.set(folded(column.name), known);
  }
  return formats;
}

/** `userId`, `"User Id"` and `user_id` are one. */
function folded(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** By which forms it is known that values pass. */
function formatsOf(conversion: Conversion): readonly TextFormat[] {
  return codecOf(conversion).textFormats;
}
