import type { SourceReader, SourceRow, SourceValue } from "../source/source.ts";
import type { ColumnTally } from "./column-tally.ts";
import { isShownByJson, readJson, renderJson } from "./json-page.ts";
import type { PageRange } from "./page-range.ts";
import { type ProfileField, renderAuxiliaryJson, renderColumn, renderPage, type TextLimits } from "./render-profile.ts";

/** What a page's columns hold, by field of {@link renderColumn}. */
export interface Answers {
  readonly rows: number;
  /** Columns that came as JSON, with all of their texts, whatever the length of their texts. */
  readonly shown: ReadonlySet<string>;
  of(tally: ColumnTally): ReadonlyMap<string, SourceValue>;
}

/** Whether pages are read as JSON where they can be. */
export interface JsonUse {
  isFastPath: boolean;
  /** Pages in a row that JSON did not show. */
  misses: number;
}

const MAX_MISSES = 3;

const NONE_SHOWN: ReadonlySet<string> = new Set();

/** Asks SQL everything. */
export async function askSql(
  tx: SourceReader,
  relation: string,
  group: readonly ColumnTally[],
  range: PageRange,
  limits: TextLimits,
): Promise<Answers> {
  const fields = group.flatMap((tally) => renderColumn(tally, limits));
  const [row = []] = await tx.rows(renderPage(relation, fields, range.where), range.args);
  const columns = byColumn(fields, row);
  return { rows: Number(row[0] ?? 0), shown: NONE_SHOWN, of: ({ column }) => columns.get(column) ?? new Map() };
}

/** The same, where columns that JSON shows come as JSON. Null if there are none, or something else was in them. */
export async function askJson(
  tx: SourceReader,
  relation: string,
  group: readonly ColumnTally[],
  range: PageRange,
  limits: TextLimits & { readonly json: JsonUse },
): Promise<Answers | null> {
  const shown = group.filter(isShownByJson);
  if (shown.length === 0) return null;
  const fields = group.flatMap((tally) =>
    shown.includes(tally) ? renderAuxiliaryJson(tally) : renderColumn(tally, limits),
  );
  const [row = []] = await tx.rows(
    renderPage(
      relation,
      [...fields, { column: "", field: "json", sql: renderJson(shown, limits.longest) }],
      range.where,
    ),
    range.args,
  );
  const read = readJson(row[fields.length + 1], shown);
  limits.json.misses = read === null ? limits.json.misses + 1 : 0;
  if (limits.json.misses >= MAX_MISSES) limits.json.isFastPath = false;
  if (read === null) return null;
  const columns = byColumn(fields, row);
  return {
    rows: Number(row[0] ?? 0),
    shown: new Set(shown.map(({ column }) => column)),
    of: ({ column }) => new Map([...(columns.get(column) ?? []), ...(read.get(column) ?? [])]),
  };
}

export function byColumn(fields: readonly ProfileField[], row: SourceRow): Map<string, Map<string, SourceValue>> {
  const columns = new Map<string, Map<string, SourceValue>>();
  for (const [index, { column, field }] of fields.entries()) {
    const values = columns.get(column) ?? new Map<string, SourceValue>();
    columns.set(column, values.set(field, row[index + 1] ?? null));
  }
  return columns;
}
