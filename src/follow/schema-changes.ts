import type { CapturedCatalogue, Certainty, SchemaChange } from "../model/schema-change.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { isSameSql, type RenamedNames } from "./same-sql.ts";
import { changesOfTable } from "./table-changes.ts";

/** What happened to a source's schema between two states of it. Reads nothing: the same two give the same answer. */
export function schemaChanges(before: CapturedCatalogue, now: CapturedCatalogue): SchemaChange[] {
  const pairs = pairTablesOf(before, now);
  const renamedTables = new Map(
    pairs.filter(({ was, is }) => was.name !== is.name).map(({ was, is }) => [was.name.toLowerCase(), is.name]),
  );
  const changes: SchemaChange[] = [];
  for (const table of before.schema.tables)
    if (!pairs.some(({ was }) => was === table)) changes.push({ kind: "table-dropped", table: table.name });
  const renamedColumns = new Map<string, string>();
  for (const { certainty, is, was } of pairs) {
    if (was.name !== is.name) changes.push({ kind: "table-renamed", table: was.name, to: is.name, certainty });
    const found = changesOfTable({ was, is, inPlace: isInPlace(before, now, was, is), renamedTables });
    for (const change of found)
      if (change.kind === "column-renamed") renamedColumns.set(change.column.toLowerCase(), change.to.toLowerCase());
    changes.push(...found);
  }
  for (const table of now.schema.tables)
    if (!pairs.some(({ is }) => is === table))
      changes.push(
        { kind: "table-created", table: table.name, sql: table.sql },
        ...table.indexes
          .filter(({ origin }) => origin === "index")
          .map(({ name, sql, unique }): SchemaChange => {
            return { kind: "index-created", table: table.name, index: name, unique, sql };
          }),
      );
  const renamed = new Map([...lower(renamedTables), ...renamedColumns]);
  return [...changes, ...changesOfViews(before, now, renamed), ...changesOfTriggers(before, now, renamed)];
}

interface TablePair {
  readonly was: SourceTable;
  readonly is: SourceTable;
  /** How sure it is that the one became the other. */
  readonly certainty: Certainty;
}

function pairTablesOf(before: CapturedCatalogue, now: CapturedCatalogue): TablePair[] {
  const pairs: TablePair[] = [];
  const isFree = (table: SourceTable) => !pairs.some(({ is }) => is === table);
  // Triggers of capture go where their table goes: a table of the same name without them may be another one.
  for (const was of before.schema.tables) {
    const id = before.places[was.name]?.captureId ?? null;
    const moved = id === null ? undefined : now.schema.tables.find(({ name }) => now.places[name]?.captureId === id);
    if (moved !== undefined) pairs.push({ was, is: moved, certainty: "sure" });
  }
  for (const was of before.schema.tables) {
    if (pairs.some((pair) => pair.was === was)) continue;
    const is = now.schema.tables.find((table) => table.name.toLowerCase() === was.name.toLowerCase());
    if (is !== undefined && isFree(is)) pairs.push({ was, is, certainty: "sure" });
  }
  const gone = before.schema.tables.filter((was) => !pairs.some((pair) => pair.was === was));
  const fresh = now.schema.tables.filter(
    (table) => isFree(table) && !before.schema.tables.some(({ name }) => name === table.name),
  );
  for (const was of gone) {
    const alike = fresh.filter((table) => isFree(table) && isSameShape(was, table));
    const place = before.places[was.name]?.rootPage ?? 0;
    const inPlace = alike.find(({ name }) => place !== 0 && now.places[name]?.rootPage === place);
    const is = inPlace ?? (alike.length === 1 ? alike[0] : undefined);
    if (is !== undefined && gone.filter((table) => isSameShape(table, is)).length === 1)
      pairs.push({ was, is, certainty: "likely" });
  }
  return pairs;
}

/** A table that was dropped and one that was made, alike in all but the name. */
function isSameShape(one: SourceTable, other: SourceTable): boolean {
  const shape = ({ columns, primaryKey }: SourceTable) =>
    JSON.stringify([
      primaryKey,
      columns.map(({ name, declaredType, notNull }) => [name, declaredType.toLowerCase(), notNull]),
    ]);
  return one.columns.length > 1 && shape(one) === shape(other);
}

/** Whether a table is still the one that it was, and only altered. Without capture its root page alone says so. */
function isInPlace(before: CapturedCatalogue, now: CapturedCatalogue, was: SourceTable, is: SourceTable): boolean {
  const [old, present] = [before.places[was.name], now.places[is.name]];
  if (old === undefined || present === undefined) return false;
  const isSamePlace = old.rootPage === present.rootPage;
  return old.captureId === null ? isSamePlace : isSamePlace && present.captureId === old.captureId;
}

function changesOfViews(before: CapturedCatalogue, now: CapturedCatalogue, renamed: RenamedNames): SchemaChange[] {
  const [was, is] = [before.schema.views, now.schema.views];
  return [
    ...was
      .filter(({ name }) => !is.some((view) => view.name === name))
      .map(({ name }): SchemaChange => ({ kind: "view-dropped", view: name })),
    ...is.flatMap((view): SchemaChange[] => {
      const old = was.find(({ name }) => name === view.name);
      if (old === undefined) return [{ kind: "view-created", view: view.name }];
      return isSameSql(old.sql, view.sql, renamed) ? [] : [{ kind: "view-changed", view: view.name }];
    }),
  ];
}

function changesOfTriggers(before: CapturedCatalogue, now: CapturedCatalogue, renamed: RenamedNames): SchemaChange[] {
  const [was, is] = [before.schema.triggers, now.schema.triggers];
  return [
    ...was
      .filter(({ name }) => !is.some((trigger) => trigger.name === name))
      .map(({ name, table }): SchemaChange => ({ kind: "trigger-dropped", table, trigger: name })),
    ...is.flatMap(({ name, sql, table }): SchemaChange[] => {
      const old = was.find((trigger) => trigger.name === name);
      if (old === undefined) return [{ kind: "trigger-created", table, trigger: name }];
      return isSameSql(old.sql, sql, renamed) ? [] : [{ kind: "trigger-changed", table, trigger: name }];
    }),
  ];
}

function lower(names: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...names].map(([from, to]) => [from.toLowerCase(), to.toLowerCase()]));
}
