import { LOG_TABLE, logKeyColumn, PREFIX } from "../model/change-log.ts";
import type { Identity } from "../model/mapping.ts";
import type { Affinity, SourceColumn, SourceIndex, SourceTable } from "../model/source-schema.ts";
import { sqliteName, sqliteString } from "../quote.ts";
import type { OwnTrigger } from "../source/triggers/source-triggers.ts";
import { mentions } from "./mentions.ts";

export interface CapturedTable {
  readonly id: number;
  readonly table: SourceTable;
  readonly identity: Identity;
}

/**
 * Renders the triggers that log the keys of changed rows, as CREATE TRIGGER statements.
 *
 * AFTER triggers alone miss changes: with recursive_triggers off, REPLACE deletes conflicting rows without firing a
 * DELETE trigger. So BEFORE triggers look up, in each unique index, the rows that are about to conflict. Logging a key
 * too many is harmless, since replay reads the current state of rows.
 *
 * The syntax is that of SQLite 3.8: a trigger that an old SQLite cannot parse makes each of its statements fail.
 */
export function renderCaptureTriggers(captured: CapturedTable): OwnTrigger[] {
  const { table } = captured;
  return triggersOf(captured)
    .filter(({ statements }) => statements.length > 0)
    .map(({ event, when, statements }) => {
      const name = `${PREFIX}${captured.id}_${event.toLowerCase().replace(" ", "_")}${when === null ? "" : "_key"}`;
      const body = statements.map((statement) => `  ${statement};\n`).join("");
      const sql =
        `CREATE TRIGGER ${sqliteName(name)} ${event} ON ${sqliteName(table.name)} ` +
        `${when === null ? "" : `WHEN ${when} `}BEGIN\n${body}END`;
      return { name, table: table.name, sql };
    });
}

interface Trigger {
  readonly event: `${"BEFORE" | "AFTER"} ${"INSERT" | "UPDATE" | "DELETE"}`;
  readonly when: string | null;
  readonly statements: readonly string[];
}

function triggersOf(captured: CapturedTable): readonly Trigger[] {
  return [
    { event: "BEFORE INSERT", when: null, statements: beforeInsert(captured) },
    { event: "AFTER INSERT", when: null, statements: [logStored(captured)] },
    ...updateTriggers(captured),
    { event: "BEFORE DELETE", when: null, statements: [logValues(captured, key(captured, "OLD"))] },
  ];
}

/**
 * Where the key is the rowid and nothing can be replaced but by that key, AFTER UPDATE says all. A BEFORE trigger makes
 * SQLite look the row up twice, and a statement costs even where its condition is false; a trigger's WHEN does not.
 */
function updateTriggers(captured: CapturedTable): readonly Trigger[] {
  if (!isRowid(captured) || probedIndexes(captured).length > 0)
    return [
      { event: "BEFORE UPDATE", when: null, statements: beforeUpdate(captured) },
      { event: "AFTER UPDATE", when: null, statements: afterUpdate(captured) },
    ];
  return [
    { event: "AFTER UPDATE", when: null, statements: [logValues(captured, key(captured, "OLD"))] },
    { event: "AFTER UPDATE", when: keyChanged(captured), statements: [logValues(captured, key(captured, "NEW"))] },
  ];
}

function beforeInsert(captured: CapturedTable): string[] {
  // If the rowid is the key, a replaced row has the key that AFTER INSERT logs. Otherwise, if there is a rowid, AFTER
  // INSERT reads the stored key back by it, and the probe of the key's unique index finds a replaced row.
  const own = isRowid(captured)
    ? []
    : captured.table.rowidName === null
      ? [logValues(captured, key(captured, "NEW"))]
      : rowidProbe(captured, "");
  return [...own, ...probedIndexes(captured).map((index) => indexProbe(captured, index, ""))];
}

function beforeUpdate(captured: CapturedTable): string[] {
  const { table } = captured;
  const changedKey = logIf(captured, key(captured, "NEW"), keyChanged(captured));
  const probes = probedIndexes(captured).map((index) =>
    indexProbe(captured, index, ` AND ${indexChanged(table, index)}`),
  );
  const rowid = isRowid(captured)
    ? []
    : rowidProbe(captured, ` AND NEW.${sqliteName(table.rowidName ?? "")} <> OLD.${sqliteName(table.rowidName ?? "")}`);
  return [logValues(captured, key(captured, "OLD")), changedKey, ...rowid, ...probes];
}

function afterUpdate(captured: CapturedTable): string[] {
  // BEFORE UPDATE sees an integer key as stored; other keys may be stored after a conversion or a default.
  if (isRowid(captured)) return [];
  const { table } = captured;
  if (table.rowidName === null) return [logIf(captured, key(captured, "NEW"), keyChanged(captured))];
  return [`${logStored(captured)} AND (${keyChanged(captured)})`];
}

/** Logs the key as it was stored, read back by the rowid. */
function logStored(captured: CapturedTable): string {
  const { table } = captured;
  if (isRowid(captured) || table.rowidName === null) return logValues(captured, key(captured, "NEW"));
  const rowid = sqliteName(table.rowidName);
  return (
    `${insert(captured)} SELECT ${captured.id}, ${key(captured, "t").join(", ")} FROM ${sqliteName(table.name)} AS ` +
    `t WHERE t.${rowid} = NEW.${rowid}`
  );
}

/** An explicit rowid can replace a row with another key. */
function rowidProbe(captured: CapturedTable, condition: string): string[] {
  const { table } = captured;
  if (table.rowidName === null) return [];
  const rowid = sqliteName(table.rowidName);
  return [
    `${insert(captured)} SELECT ${captured.id}, ${key(captured, "t").join(", ")} FROM ${sqliteName(table.name)} ` +
      `AS t WHERE t.${rowid} = NEW.${rowid}${condition}`,
  ];
}

/**
 * Logs the keys of rows that conflict with the new row on a unique index. Whether a partial index covers the new row is
 * not tested: at worst one key too many is logged.
 */
function indexProbe(captured: CapturedTable, index: SourceIndex, condition: string): string {
  const { table } = captured;
  // A table named "new" would hide the trigger's NEW, so it gets an alias. Others keep their name, which the WHERE
  // clause of an index may use.
  const hides = /^(new|old)$/i.test(table.name);
  const name = hides ? "t" : sqliteName(table.name);
  const equal = index.terms.map((term) => {
    const collation = `COLLATE ${sqliteName(term.collation)}`;
    if (term.column === null) {
      const expression = term.expression ?? "NULL";
      return `(${expression}) ${collation} = ${onNew(table, expression)}`;
    }
    return `${name}.${sqliteName(term.column)} ${collation} = ${newValue(table, term.column)}`;
  });
  const partial =
    index.where === null || (hides && index.where.toLowerCase().includes(table.name.toLowerCase()))
      ? []
      : [`(${index.where})`];
  return (
    `${insert(captured)} SELECT ${captured.id}, ${key(captured, name).join(", ")} FROM ` +
    `${sqliteName(table.name)}${hides ? " AS t" : ""} WHERE ${[...equal, ...partial].join(" AND ")}${condition}`
  );
}

const CAST_TYPES = { text: "TEXT", real: "REAL", integer: "NUMERIC", numeric: "NUMERIC" } as const;

/**
 * Renders an expression evaluated on the new row. NEW has no affinities, on which `a > 1` depends, so values are cast
 * to the affinity of their column where the cast does not change them.
 */
function onNew(table: SourceTable, expression: string, within: ReadonlySet<string> = new Set()): string {
  // Only columns that the expression may name: a trigger that names a column makes ALTER TABLE DROP COLUMN fail.
  const columns = table.columns.filter(({ name }) => mentions(expression, name) && !within.has(name));
  const evaluated = (values: readonly string[]) =>
    `(SELECT (${expression}) FROM (SELECT ${values.length === 0 ? "1" : values.join(", ")}))`;
  const asGiven = evaluated(columns.map(({ name }) => `${newValue(table, name, within)} AS ${sqliteName(name)}`));
  const kinds = columns.flatMap(({ name, affinity }) =>
    affinity === "blob"
      ? []
      : [
          `typeof(${newValue(table, name, within)}) ` +
            `${affinity === "text" ? "<> 'blob'" : "IN ('integer', 'real', 'null')"}`,
        ],
  );
  if (kinds.length === 0) return asGiven;
  const cast = columns.map(({ name, affinity }) => {
    const value = newValue(table, name, within);
    return `${affinity === "blob" ? value : `CAST(${value} AS ${CAST_TYPES[affinity]})`} AS ${sqliteName(name)}`;
  });
  return `CASE WHEN ${kinds.join(" AND ")} THEN ${evaluated(cast)} ELSE ${asGiven} END`;
}

/**
 * The value of a column of the new row. Under REPLACE, NULL in a NOT NULL column is stored as the default, but BEFORE
 * triggers see NULL. And a BEFORE trigger sees generated columns computed from that NULL, from 1 for 1.0, and from
 * columns that the trigger does not name and SQLite therefore has not loaded.
 */
function newValue(table: SourceTable, name: string, within: ReadonlySet<string> = new Set()): string {
  const column = columnOf(table, name);
  // A generated column never depends on itself: `'$.name'` only looks like the column `name`.
  if (column.generated !== null && column.generated.expression !== "" && !within.has(name))
    return onNew(table, column.generated.expression, new Set([...within, name]));
  const value = `NEW.${sqliteName(name)}`;
  return column.notNull && column.defaultSql !== null
    ? `coalesce(${value}, ${defaultValue(column.defaultSql, column.affinity)})`
    : value;
}

/**
 * In DEFAULT, a bare name is a string. In a trigger it would be a column, or make each INSERT of the application fail.
 */
function defaultValue(text: string, affinity: Affinity): string {
  // In a numeric column DEFAULT '0' and 0.0 are stored as 0; in a REAL one, 9007199254740993 as the nearest double.
  const number = affinity === "text" || affinity === "blob" ? null : /^'?([-+]?\d+(\.\d+)?)'?$/.exec(text);
  if (number !== null)
    return affinity === "real" ? `CAST(${number[1] ?? ""} AS REAL)` : (number[1] ?? "").replace(/\.0+$/, "");
  const quoted = /^"((?:[^"]|"")*)"$|^\[([^\]]*)\]$|^`((?:[^`]|``)*)`$/.exec(text);
  if (quoted !== null)
    return sqliteString(quoted[1]?.replaceAll('""', '"') ?? quoted[2] ?? quoted[3]?.replaceAll("``", "`") ?? "");
  if (
    !/^[a-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*$/iu.test(text) ||
    /^(null|current_(time|date|timestamp))$/i.test(text)
  )
    return `(${text})`;
  return /^true$/i.test(text) ? "1" : /^false$/i.test(text) ? "0" : sqliteString(text);
}

/** Unique indexes whose conflicts the key itself does not reveal. */
function probedIndexes(captured: CapturedTable): SourceIndex[] {
  const { table } = captured;
  return table.indexes.filter(
    (index) =>
      index.unique &&
      !(table.rowidAlias !== null && index.terms.length === 1 && index.terms[0]?.column === table.rowidAlias),
  );
}

function indexChanged(table: SourceTable, index: SourceIndex): string {
  if (
    index.where !== null ||
    index.terms.some(({ column }) => column === null || columnOf(table, column).generated !== null)
  )
    return "1";
  return `(${index.terms.map((term) => changed(columnOf(table, term.column ?? ""))).join(" OR ")})`;
}

function keyChanged(captured: CapturedTable): string {
  const { identity, table } = captured;
  if (identity.kind === "rowid")
    return `NEW.${sqliteName(identity.rowidName)} <> OLD.${sqliteName(identity.rowidName)}`;
  if (isRowid(captured))
    return `NEW.${sqliteName(table.rowidAlias ?? "")} <> OLD.${sqliteName(table.rowidAlias ?? "")}`;
  return identity.columns.map((name) => changed(columnOf(table, name))).join(" OR ");
}

/** Whether a column's value changed in bytes or storage class, regardless of its collation. */
function changed(column: SourceColumn): string {
  const name = sqliteName(column.name);
  const value = `NEW.${name} COLLATE BINARY IS NOT OLD.${name}`;
  return column.affinity === "blob" ? `${value} OR typeof(NEW.${name}) <> typeof(OLD.${name})` : value;
}

/** Whether the key is the rowid: an integer to which no collation or conversion applies. */
function isRowid(captured: CapturedTable): boolean {
  const { identity, table } = captured;
  return (
    identity.kind === "rowid" ||
    (table.rowidAlias !== null && identity.columns.length === 1 && identity.columns[0] === table.rowidAlias)
  );
}

function key(captured: CapturedTable, row: string): string[] {
  const { identity } = captured;
  const columns = identity.kind === "rowid" ? [identity.rowidName] : identity.columns;
  return columns.map((column) => `${row}.${sqliteName(column)}`);
}

function insert(captured: CapturedTable): string {
  const columns = key(captured, "NEW").map((_, position) => logKeyColumn(position));
  return `INSERT INTO ${sqliteName(LOG_TABLE)}(tbl, ${columns.join(", ")})`;
}

function logValues(captured: CapturedTable, values: readonly string[]): string {
  return `${insert(captured)} VALUES(${captured.id}, ${values.join(", ")})`;
}

function logIf(captured: CapturedTable, values: readonly string[], condition: string): string {
  return `${insert(captured)} SELECT ${captured.id}, ${values.join(", ")} WHERE ${condition}`;
}

function columnOf(table: SourceTable, name: string): SourceColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new RangeError(`${table.name} has no column ${name}`);
  return column;
}
