import { PREFIX } from "../model/change-log.ts";
import type { Source, SourceReader } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import { type CapturedTable, renderCaptureTriggers } from "./render-triggers.ts";

/** Names that can stand for a word of their text: without quotes, and nothing to which SQLite gives a meaning. */
const PLAIN_NAME = /^[a-z][a-z0-9_]*$/i;
const SPECIAL_NAMES = /^(new|old|rowid|oid|excluded|main|temp|sqlite_.*)$/i;

interface SchemaObject {
  readonly name: string;
  readonly sql: string;
}

/**
 * Groups tables that differ only in their names: what the schema says of each, indexes, the application's triggers and
 * ours, in their order, is one text once its own names are taken out. A change to one is logged as it is for the
 * others. A table whose stored triggers are not the rendered ones is alike to none.
 */
export async function groupAlikeTables(source: Source, tables: readonly CapturedTable[]): Promise<CapturedTable[][]> {
  const objects = await source.read(readObjects);
  const groups = new Map<string, CapturedTable[]>();
  for (const captured of tables) {
    const signature =
      signatureOf(captured, objects.get(captured.table.name.toLowerCase()) ?? []) ?? `alone: ${captured.table.name}`;
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, [captured]);
    else group.push(captured);
  }
  return [...groups.values()];
}

/** By the table in lower case, in the order in which SQLite reads them. */
async function readObjects(tx: SourceReader): Promise<Map<string, SchemaObject[]>> {
  const encoding = await readEncoding(tx);
  const objects = new Map<string, SchemaObject[]>();
  const rows = await tx.rows(
    "SELECT CAST(tbl_name AS BLOB), CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema " +
      "WHERE sql IS NOT NULL ORDER BY rowid",
  );
  for (const row of rows) {
    const [table = "", name = "", sql = ""] = row.map((value) => decodeText(value, encoding));
    const of = objects.get(table.toLowerCase());
    if (of === undefined) objects.set(table.toLowerCase(), [{ name, sql }]);
    else of.push({ name, sql });
  }
  return objects;
}

/** Null where the table can be alike to none. */
function signatureOf(captured: CapturedTable, objects: readonly SchemaObject[]): string | null {
  const ours = new Map(renderCaptureTriggers(captured).map(({ name, sql }) => [name, sql]));
  const others = objects.filter(({ name }) => !name.startsWith(PREFIX));
  const names = [captured.table.name, ...others.map(({ name }) => name).filter((name) => name !== captured.table.name)];
  if (!names.every((name) => PLAIN_NAME.test(name) && !SPECIAL_NAMES.test(name))) return null;
  if (objects.length - others.length !== ours.size) return null;
  // The rendered text without the table's number, in the place of the first of ours.
  const rendered = renderCaptureTriggers({ ...captured, id: 0 }).map(({ sql }) => sql);
  const texts: string[] = [];
  for (const { name, sql } of objects) {
    if (!name.startsWith(PREFIX)) texts.push(sql);
    else if (ours.get(name) === sql) texts.push(rendered[[...ours.keys()].indexOf(name)] ?? "");
    else return null;
  }
  return withoutNames(texts.join("\u0000"), names);
}

/** Each name becomes its number, where it is a whole word: `t1`, not the end of `_t1`. */
function withoutNames(text: string, names: readonly string[]): string {
  const numbers = new Map(names.map((name, number) => [name.toLowerCase(), number]));
  return text.replace(/[\w$\u0080-\uffff]+/g, (word) => {
    const number = numbers.get(word.toLowerCase());
    return number === undefined ? word : `\u0001${number}`;
  });
}
