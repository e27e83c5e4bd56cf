import type { Decimal } from "../model/declared-type.ts";
import { sqliteName } from "../quote.ts";
import { rawExpression } from "../rows/bind-key.ts";
import { formatTest, type TextFormat } from "../rows/text-formats.ts";
import { type ColumnTally, renderValue, STORAGE_CLASSES, type StorageClass } from "./column-tally.ts";

/** One aggregate that a page is asked for. */
export interface ProfileField {
  readonly column: string;
  readonly field: string;
  readonly sql: string;
}

/** Which texts come along in one blob to be checked. */
export interface TextLimits {
  readonly longest: number;
  /** Not in a UTF-16 database: joining goes by way of UTF-8, which hides lone surrogates. */
  readonly joined: boolean;
}

/**
 * What a column's page is asked for: no more than the storage classes seen so far need, and whether there are others.
 */
export function renderColumn(tally: ColumnTally, limits: TextLimits): ProfileField[] {
  const c = renderValue(tally);
  const { classes } = tally;
  const fields: (readonly [field: string, sql: string])[] = [["values", `count(${c})`]];
  for (const kind of classes) fields.push([kind, `sum(typeof(${c})='${kind}')`]);
  if (classes.has("integer")) {
    const value = only(classes, "integer", c, c);
    fields.push(
      ["minInteger", `min(${value})`],
      ["maxInteger", `max(${value})`],
      ["notBoolean", `sum(${only(classes, "integer", c, `${c} NOT BETWEEN 0 AND 1`)})`],
    );
  }
  if (classes.has("real")) {
    const value = only(classes, "real", c, c);
    fields.push(
      ["minReal", `min(${value})`],
      ["maxReal", `max(${value})`],
      ["wholeReals", `sum(${only(classes, "real", c, `CAST(${c} AS INTEGER)=${c}`)})`],
      ["infinities", `sum(${only(classes, "real", c, `abs(${c})=9e999`)})`],
    );
  }
  if (tally.decimal !== null && (classes.has("integer") || classes.has("real")))
    fields.push(["beyondScale", `sum(${beyondScale(c, tally.decimal)})`]);
  if (classes.has("text")) {
    fields.push(
      ["emptyTexts", `sum(${c}='')`],
      ["maxTextLength", `max(${only(classes, "text", c, `length(${c})`)})`],
      ["textBytes", `max(${only(classes, "text", c, `octet_length(${c})`)})`],
    );
    for (const format of tally.formats) fields.push(...renderFormat(tally, format));
    // These bytes leave SQLite as a blob: whether they are valid UTF-8 it cannot say itself.
    if (limits.joined)
      fields.push([
        "bytes",
        "CAST(group_concat(CASE WHEN " +
          `${classes.size > 1 ? `typeof(${c})='text' AND ` : ""}octet_length(${c})<=${limits.longest} THEN ${c} ` +
          "END,char(10)) AS BLOB)",
      ]);
  }
  if (classes.has("blob")) fields.push(["blobBytes", `max(${only(classes, "blob", c, `octet_length(${c})`)})`]);
  return fields.map(([field, sql]) => ({ column: tally.column, field, sql }));
}

/** What SQLite alone can say of a column whose values come as JSON. */
export function renderAuxiliaryJson(tally: ColumnTally): ProfileField[] {
  const fields = tally.classes.has("text") && tally.formats.includes("json") ? renderFormat(tally, "json") : [];
  return fields.map(([field, sql]) => ({ column: tally.column, field, sql }));
}

function renderFormat(tally: ColumnTally, format: TextFormat): [field: string, sql: string][] {
  const c = renderValue(tally);
  const { openings = [], refinements, sql } = formatTest(format);
  return [{ field: format, sql }, ...refinements, ...openings].map(({ field, sql: test }) => [
    field,
    `sum(${only(tally.classes, "text", c, test(c))})`,
  ]);
}

/** How many values of each storage class there are. */
export function renderClasses(column: string): ProfileField[] {
  return STORAGE_CLASSES.map((kind) => ({
    column,
    field: kind,
    sql: `sum(typeof(t.${sqliteName(column)})='${kind}')`,
  }));
}

export function renderPage(relation: string, fields: readonly ProfileField[], range: string): string {
  return `SELECT count(*)${fields.map(({ sql }) => `,\n  ${sql}`).join("")}\nFROM ${relation} AS t${range}`;
}

/** All texts of a column on a page, one by one with their keys: asked for where some of them are bad. */
export function renderTexts(relation: string, column: string, key: readonly string[], range: string): string {
  const c = `t.${sqliteName(column)}`;
  const keys = key.map((name) => `t.${sqliteName(name)}`).flatMap((name) => [`typeof(${name})`, rawExpression(name)]);
  return (
    `SELECT ${[...keys, `CAST(${c} AS BLOB)`].join(", ")} ` +
    `FROM ${relation} AS t${range === "" ? " WHERE" : `${range} AND`} typeof(${c})='text'`
  );
}

/** An expression that means something for one storage class only; where there is no other, it needs no guard. */
function only(classes: ReadonlySet<StorageClass>, kind: StorageClass, c: string, sql: string): string {
  return classes.size === 1 ? sql : `CASE typeof(${c}) WHEN '${kind}' THEN ${sql} END`;
}

/** What PostgreSQL would round to the scale, or refuse for the precision. */
function beyondScale(c: string, { precision, scale }: Decimal): string {
  const limit = `1e${precision - scale}`;
  return (
    `CASE typeof(${c}) WHEN 'integer' THEN abs(CAST(${c} AS REAL))>=${limit} WHEN 'real' ` +
    `THEN abs(${c})>=${limit} OR CAST(printf('%.${scale}f',${c}) AS REAL)<>${c} END`
  );
}
