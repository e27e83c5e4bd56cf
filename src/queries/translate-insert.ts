import { renderNames } from "../plan/names/render-name.ts";
import { translate, truthOf } from "../plan/translate/translate-expression.ts";
import { type QueryOutput, translateSelect } from "../plan/translate/translate-select.ts";
import { type Scope, Untranslatable } from "../plan/translate/typed-sql.ts";
import type { Expression, Insert, Select, SelectBody } from "../sqlite-sql/ast.ts";
import { type Assigned, assignedValue } from "./assigned-value.ts";
import type { QueryColumn, QueryTable } from "./query-tables.ts";
import {
  scopeOf,
  type TranslatedWrite,
  translateReturning,
  type WritePlace,
  withCommon,
  writtenTable,
} from "./statement-place.ts";
import { translateConflict } from "./translate-conflict.ts";

/** INSERT, REPLACE and upserts. */
export function translateInsert(node: Insert, given: WritePlace): TranslatedWrite {
  const { place, sql: common } = withCommon(node.with, given);
  const written = writtenTable(node.target, place);
  const { table } = written;
  const columns = insertedColumns(node, table);
  for (const column of table.columns)
    if (column.lacking !== null && !columns.includes(column))
      throw new Untranslatable(`it leaves out ${column.source} of ${table.source}: ${column.lacking}`);
  const ignores = node.or === "IGNORE";
  const rows = insertedRows(node, { columns, ignores, place, table });
  const conflict = translateConflict(node, { written, columns, place });
  const returning = translateReturning(node.returning, written, place);
  const list = node.source === null ? "" : ` (${renderNames(columns.map(({ name }) => name))})`;
  return {
    sql: `${common}insert into ${written.sql}${list}\n${rows}${conflict}${returning.sql}`,
    outputs: returning.outputs,
    writes: table.source,
  };
}

function insertedColumns({ columns, source }: Insert, table: QueryTable): QueryColumn[] {
  if (source === null) return [];
  if (columns === null) return table.columns.filter(({ isGenerated }) => !isGenerated);
  return columns.map(({ text }) => {
    const found = table.columns.find((column) => column.source.toLowerCase() === text.toLowerCase());
    if (found === undefined || found.isGenerated)
      throw new Untranslatable(`it writes to ${text}, which is no column of ${table.source} that moved`);
    return found;
  });
}

interface InsertPlace {
  readonly columns: readonly QueryColumn[];
  readonly ignores: boolean;
  readonly place: WritePlace;
  readonly table: QueryTable;
}

function insertedRows({ source }: Insert, given: InsertPlace): string {
  const { columns, ignores, place, table } = given;
  if (source === null) return "default values";
  const fixed = fixedRows(source);
  if (fixed === null) {
    const { outputs, query } = translateSelect(source, { ...place, outer: null });
    requireFitting(outputs, columns);
    if (ignores && columns.some(({ isRequired }) => isRequired))
      throw new Untranslatable("it ignores rows of a query, also where they lack a value");
    return query;
  }
  const scope = scopeOf([], place);
  const rows = fixed.map((row) => {
    if (row.length !== columns.length) throw new Untranslatable("it has more or fewer values than columns");
    return columns.map((column, index) => insertedValue(row[index], { column, scope, table }));
  });
  return ignores ? ignoringRows(rows, columns) : renderRows(rows);
}

/** VALUES, or the same as SELECT without FROM and UNION ALL: null if the rows come out of a table. */
function fixedRows({ body, limit, orderBy, with: common }: Select): readonly (readonly Expression[])[] | null {
  return limit === null && orderBy.length === 0 && common === null ? rowsOf(body) : null;
}

function rowsOf(body: SelectBody): readonly (readonly Expression[])[] | null {
  if (body.kind === "values") return body.rows;
  if (body.kind === "compound") {
    const [left, right] = [rowsOf(body.left), rowsOf(body.right)];
    return body.operator !== "UNION ALL" || left === null || right === null ? null : [...left, ...right];
  }
  const isPlain = body.from === null && body.groupBy.length === 0 && body.having === null;
  if (!isPlain || (body.where !== null && !isTrue(body.where))) return null;
  const row = body.columns.flatMap((column) => (column.kind === "result" ? [column.expression] : []));
  return row.length === body.columns.length ? [row] : null;
}

/** An upsert behind a SELECT needs a WHERE, and ORMs write this one. */
function isTrue(node: Expression): boolean {
  return node.kind === "column" ? truthOf(node.name) === true : node.kind === "number" && node.text === "1";
}

function insertedValue(
  node: Expression | undefined,
  { column, scope, table }: { readonly column: QueryColumn; readonly scope: Scope; readonly table: QueryTable },
): Assigned {
  if (node === undefined) throw new Untranslatable("it has more or fewer values than columns");
  // NULL in the rowid's column asks for the next number.
  if (column.name === table.rowid && translate(node, scope).family === "null") {
    if (column.lacking !== null) throw new Untranslatable(`it leaves out ${column.source}: ${column.lacking}`);
    return { sql: "default", isValue: true };
  }
  return assignedValue(node, column, scope);
}

function renderRows(rows: readonly (readonly Assigned[])[]): string {
  return `values ${rows.map((row) => `(${row.map(({ sql }) => sql).join(", ")})`).join(", ")}`;
}

/** OR IGNORE also leaves out rows that lack a required value, which ON CONFLICT does not. */
function ignoringRows(rows: readonly (readonly Assigned[])[], columns: readonly QueryColumn[]): string {
  const tests = rows.map((row) =>
    row.flatMap(({ isValue, sql }, index) =>
      columns[index]?.isRequired === true && !isValue ? [`${sql} is not null`] : [],
    ),
  );
  if (tests.every(({ length }) => length === 0)) return renderRows(rows);
  if (rows.some((row) => row.some(({ sql }) => sql === "default")))
    throw new Untranslatable("it ignores rows whose id is to be made");
  return rows
    .map((row, index) => {
      const test = tests[index] ?? [];
      const where = test.length === 0 ? "" : ` where ${test.join(" and ")}`;
      const values = row.map(({ sql }, place) => (sql === "null" ? `null::${columns[place]?.type ?? "text"}` : sql));
      return `select ${values.join(", ")}${where}`;
    })
    .join("\nunion all\n");
}

/** What a query gives must be of the columns' types: SQLite would store it as it is. */
function requireFitting(outputs: readonly QueryOutput[], columns: readonly QueryColumn[]): void {
  if (outputs.length !== columns.length) throw new Untranslatable("it has more or fewer values than columns");
  for (const [index, column] of columns.entries()) {
    const output = outputs[index];
    const isSame =
      output !== undefined &&
      output.family === column.family &&
      (output.classes & ~column.classes) === 0 &&
      output.typeName === column.typeName;
    if (!isSame) throw new Untranslatable(`it stores values of another type in ${column.source}`);
  }
}
