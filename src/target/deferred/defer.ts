import { pgName, pgTable } from "../../quote.ts";
import { stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader, TargetSession, TargetStatements } from "../target.ts";
import { sqlState } from "../target-error.ts";
import type { DeferrableObject, RestoreStage } from "./deferred-objects.ts";

export interface DeferTable {
  readonly schema: string;
  readonly name: string;
  /** Columns of the target by which replay finds rows: their unique index is recreated first. */
  readonly key: readonly string[];
}

/**
 * Drops indexes, unique constraints, foreign keys and triggers of the tables, in the given transaction, and saves their
 * definitions. An object that others depend on stays (a primary key that a view groups by, say).
 */
export async function defer(
  tx: TargetStatements,
  run: string,
  tables: readonly DeferTable[],
  stages: readonly RestoreStage[] = ["copied", "caught-up", "cutover"],
): Promise<void> {
  const objects = await tx.rows<DeferrableObject>(stateSql(tx, "target/deferrable"), [tables.map(pgTable)]);
  const wanted = objects
    .filter(({ stage }) => stages.includes(stage))
    .map((object) => ({ object, stage: isKey(object, tables) ? ("copied" as const) : object.stage }));
  await deferAll(tx, run, wanted);
}

interface Wanted {
  readonly object: DeferrableObject;
  readonly stage: RestoreStage;
}

/** All in one message, where nothing depends on them: with thousands, most of the time would be waiting for answers. */
async function deferAll(tx: TargetStatements, run: string, wanted: readonly Wanted[]): Promise<void> {
  if (wanted.length === 0) return;
  if (await dropUnlessNeeded(tx, wanted.map(({ object }) => dropStatement(object)).join(";\n")))
    return saveDeferred(tx, run, wanted);
  for (const { object, stage } of wanted) await deferOne(tx, run, object, stage);
}

/** Identifies all objects that could be deferred now, to find new ones later. */
export async function deferrableObjects(
  tx: TargetReader,
  tables: readonly Pick<DeferTable, "schema" | "name">[],
): Promise<ReadonlySet<string>> {
  const objects = await tx.rows<DeferrableObject>(stateSql(tx, "target/deferrable"), [tables.map(pgTable)]);
  return new Set(objects.map(identify));
}

/** Defers objects that a migration has created since `before`, as they would have been when the run began. */
export async function deferNew(
  tx: TargetStatements,
  run: string,
  tables: readonly DeferTable[],
  stages: readonly RestoreStage[],
  before: ReadonlySet<string>,
): Promise<Pick<DeferrableObject, "kind" | "relation" | "name">[]> {
  const deferred: DeferrableObject[] = [];
  for (const object of await tx.rows<DeferrableObject>(stateSql(tx, "target/deferrable"), [tables.map(pgTable)])) {
    if (!stages.includes(object.stage) || before.has(identify(object))) continue;
    if (await deferOne(tx, run, object, isKey(object, tables) ? "copied" : object.stage)) deferred.push(object);
  }
  return deferred;
}

function identify({ kind, name, relation, schema }: DeferrableObject): string {
  return JSON.stringify([kind, schema, relation, name]);
}

async function deferOne(
  tx: TargetStatements,
  run: string,
  object: DeferrableObject,
  stage: RestoreStage,
): Promise<boolean> {
  if (!(await dropUnlessNeeded(tx, dropStatement(object)))) return false;
  await saveDeferred(tx, run, [{ object, stage }]);
  return true;
}

async function saveDeferred(tx: TargetStatements, run: string, wanted: readonly Wanted[]): Promise<void> {
  const objects = wanted.map(({ object, stage }, place) => ({ ...object, stage, place }));
  await tx.rows(stateSql(tx, "target/save-deferred"), [run, JSON.stringify(objects)]);
}

/** Tables of one transaction, which holds locks on each until its end. */
const TABLES_AT_ONCE = 100;

/**
 * Defers again the foreign keys and triggers that a cutover restored, as they are now: the application may have changed
 * them. In several transactions; safe to run again.
 */
export async function deferRestored(
  session: TargetSession,
  run: string,
  tables: readonly { readonly schema: string; readonly name: string }[],
): Promise<void> {
  await session.rows(`delete from ${stateOf(session)}.deferred where run = $1 and stage = 'cutover' and restored`, [
    run,
  ]);
  for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
    const some = tables.slice(from, from + TABLES_AT_ONCE).map(pgTable);
    await session.transaction(async (tx) => {
      const objects = await tx.rows<DeferrableObject>(stateSql(tx, "target/deferrable"), [some]);
      const wanted = objects.filter(({ stage }) => stage === "cutover");
      await deferAll(
        tx,
        run,
        wanted.map((object) => ({ object, stage: "cutover" })),
      );
    });
  }
}

function isKey(object: DeferrableObject, tables: readonly DeferTable[]): boolean {
  const table = tables.find(({ schema, name }) => schema === object.schema && name === object.relation);
  const { columns } = object;
  return (
    table !== undefined &&
    columns !== null &&
    columns.length === table.key.length &&
    columns.every((column) => table.key.includes(column))
  );
}

const DEPENDENT_OBJECTS = "2BP01";

async function dropUnlessNeeded(tx: TargetStatements, statements: string): Promise<boolean> {
  try {
    await tx.savepoint(() => tx.run(statements));
    return true;
  } catch (error) {
    if (sqlState(error) === DEPENDENT_OBJECTS) return false;
    throw error;
  }
}

function dropStatement(object: Pick<DeferrableObject, "kind" | "schema" | "relation" | "name">): string {
  const table = pgTable({ schema: object.schema, name: object.relation });
  switch (object.kind) {
    case "index":
      return `drop index ${pgTable({ schema: object.schema, name: object.name })}`;
    case "trigger":
      return `drop trigger ${pgName(object.name)} on ${table}`;
    case "constraint":
    case "foreign-key":
      return `alter table ${table} drop constraint ${pgName(object.name)}`;
  }
}
