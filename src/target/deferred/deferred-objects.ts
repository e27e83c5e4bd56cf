import type { TargetTableName } from "../../model/mapping.ts";
import { pgName, pgString, pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import { analyze } from "../analyze.ts";
import { hasDenseParentKeys } from "../dense-keys.ts";
import { runInSessions, type Sessions } from "../run-in-sessions.ts";
import type { TargetReader, TargetSession, TargetStatements, TargetTransaction } from "../target.ts";
import { sqlState } from "../target-error.ts";
import { weigh } from "./weigh-work.ts";

/** When a deferred object is recreated: after the copy, after the first catch-up, or at the cutover. */
export type RestoreStage = "copied" | "caught-up" | "cutover";

export interface DeferTable {
  readonly schema: string;
  readonly name: string;
  /** Columns of the target by which replay finds rows: their unique index is recreated first. */
  readonly key: readonly string[];
}

interface DeferrableObject {
  readonly kind: "index" | "constraint" | "foreign-key" | "trigger";
  readonly stage: RestoreStage;
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly validated: boolean;
  readonly enabled: string | null;
  readonly columns: readonly string[] | null;
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
  const objects = await tx.rows<DeferrableObject>(sql("target/deferrable"), [tables.map(pgTable)]);
  for (const object of objects) {
    if (!stages.includes(object.stage)) continue;
    const stage = isKey(object, tables) ? "copied" : object.stage;
    await deferOne(tx, run, object, stage);
  }
}

/** Identifies all objects that could be deferred now, to find new ones later. */
export async function deferrableObjects(
  tx: TargetReader,
  tables: readonly Pick<DeferTable, "schema" | "name">[],
): Promise<ReadonlySet<string>> {
  const objects = await tx.rows<DeferrableObject>(sql("target/deferrable"), [tables.map(pgTable)]);
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
  for (const object of await tx.rows<DeferrableObject>(sql("target/deferrable"), [tables.map(pgTable)])) {
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
  if (!(await dropUnlessNeeded(tx, object))) return false;
  await tx.rows(
    "insert into changeover.deferred (run, kind, stage, schema, relation, name, definition, comment, validated, " +
      "enabled) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    [
      run,
      object.kind,
      stage,
      object.schema,
      object.relation,
      object.name,
      object.definition,
      object.comment,
      object.validated,
      object.enabled,
    ],
  );
  return true;
}

/**
 * Defers again the foreign keys and triggers that a cutover restored, as they are now: the application may have changed
 * them.
 */
export async function deferRestored(
  tx: TargetStatements,
  run: string,
  tables: readonly { readonly schema: string; readonly name: string }[],
): Promise<void> {
  await tx.rows("delete from changeover.deferred where run = $1 and stage = 'cutover'", [run]);
  const objects = await tx.rows<DeferrableObject>(sql("target/deferrable"), [tables.map(pgTable)]);
  for (const object of objects) if (object.stage === "cutover") await deferOne(tx, run, object, "cutover");
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

async function dropUnlessNeeded(tx: TargetStatements, object: DeferrableObject): Promise<boolean> {
  try {
    await tx.savepoint(() => tx.run(dropStatement(object)));
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

/** The saved definition of a dropped object. */
export interface Deferred {
  readonly id: string;
  readonly kind: DeferrableObject["kind"];
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly validated: boolean;
  readonly enabled: string | null;
}

export async function deferredAt(
  session: TargetReader,
  run: string,
  stages: readonly RestoreStage[],
): Promise<Deferred[]> {
  return session.rows<Deferred>(
    // Constraints before indexes, and unique constraints before the foreign keys that need them.
    sql("target/deferred-at"),
    [run, stages],
  );
}

export interface RestoreDeferredOptions {
  readonly onEach?: (object: Deferred) => void;
  /**
   * Tables to analyze: each after the objects that lock it, and before its other indexes, for which an ANALYZE would
   * wait.
   */
  readonly analyzed?: readonly TargetTableName[];
}

/**
 * Recreates all objects of the stages, each in a transaction of its own that also records it: a kill costs one object.
 * Tables are processed concurrently. Constraints and triggers lock their table, so they run one after the other, then
 * its indexes. Foreign keys lock two tables and need unique constraints, so they come last, NOT VALID.
 */
export async function restoreDeferred(
  sessions: Sessions,
  run: string,
  stages: readonly RestoreStage[],
  { analyzed = [], onEach = () => {} }: RestoreDeferredOptions = {},
): Promise<void> {
  const objects = await deferredAt(sessions.first, run, stages);
  const own = byTable(
    objects.filter(({ kind }) => kind !== "foreign-key"),
    analyzed,
  );
  const tables = own.map(({ isAnalyzed, objects: all, table }) => ({
    table,
    locking: [...all.filter(({ kind }) => kind !== "index"), ...(isAnalyzed ? [table] : [])],
    then: all.filter(({ kind }) => kind === "index"),
  }));
  const { isCaughtUp, work } = await weigh<Deferred | TargetTableName>(sessions.first, tables, sessions.max);
  const restoreOne = async (session: TargetSession, object: Deferred | TargetTableName) => {
    if (!("definition" in object)) return analyze(session, object);
    onEach(object);
    // The commit is asynchronous: a server crash that loses the object also loses its record.
    const build = async (tx: TargetTransaction) => {
      await prepareToSort(tx, object, { isCaughtUp });
      await restoreDeferredObject(tx, object, { validate: false });
    };
    await session.transaction(build, { isDurable: false });
  };
  await runInSessions(sessions, work, restoreOne);
  for (const object of objects) if (object.kind === "foreign-key") await restoreOne(sessions.first, object);
}

/**
 * Sets memory and parallelism for building an index. Measured: if all sessions are equally busy, parallel workers
 * compete for the same processors, and a sort that fits into the processor's cache takes two thirds of the time.
 * Otherwise parallel workers help and need more memory, as do indexes that are not sorted: up to the server's
 * shared_buffers, or 256 MB.
 */
async function prepareToSort(
  tx: TargetTransaction,
  object: Deferred,
  { isCaughtUp }: { readonly isCaughtUp: boolean },
): Promise<void> {
  if (isCaughtUp && isSorted(object))
    await tx.rows(sql("target/sort-memory"), [pgTable({ schema: object.schema, name: object.relation })]);
  else
    await tx.run(
      "select set_config('maintenance_work_mem', " +
        "greatest(pg_size_bytes(current_setting('maintenance_work_mem')), " +
        "least(pg_size_bytes(current_setting('shared_buffers')), 256 * 1024 * 1024)) / 1024 || 'kB', true)",
    );
  if (isCaughtUp) await tx.run("set local max_parallel_maintenance_workers = 0");
}

/** Only B-tree and hash indexes are built by sorting. */
function isSorted({ definition, kind }: Deferred): boolean {
  return kind === "index" ? / USING (?:btree|hash) /.test(definition) : /^(?:PRIMARY KEY|UNIQUE)\b/.test(definition);
}

interface ObjectsOfTable {
  readonly table: TargetTableName;
  readonly objects: Deferred[];
  readonly isAnalyzed: boolean;
}

/** Groups objects by table, in their order; tables to analyze are included even without objects. */
function byTable(objects: readonly Deferred[], analyzed: readonly TargetTableName[] = []): readonly ObjectsOfTable[] {
  const tables = new Map<string, ObjectsOfTable>(
    analyzed.map((table) => [pgTable(table), { table, objects: [], isAnalyzed: true }]),
  );
  for (const object of objects) {
    const table = { schema: object.schema, name: object.relation };
    const known = tables.get(pgTable(table));
    if (known === undefined) tables.set(pgTable(table), { table, objects: [object], isAnalyzed: false });
    else known.objects.push(object);
  }
  return [...tables.values()];
}

/**
 * Recreates one object in the given transaction. Without `validate` a foreign key is added NOT VALID, which takes no
 * time.
 */
export async function restoreDeferredObject(
  tx: TargetStatements,
  object: Deferred,
  options: { readonly validate: boolean },
): Promise<void> {
  await tx.run(restoreStatements(object, options.validate).join(";\n"));
  await tx.rows("update changeover.deferred set restored = true where id = $1", [object.id]);
}

const OBJECTS_AT_ONCE = 50;

/**
 * Recreates many objects in the given transaction with few messages; foreign keys NOT VALID. `between` may throw to
 * abort.
 */
export async function restoreAllDeferred(
  tx: TargetStatements,
  objects: readonly Deferred[],
  { between }: { readonly between: () => void },
): Promise<void> {
  for (let from = 0; from < objects.length; from += OBJECTS_AT_ONCE) {
    between();
    const some = objects.slice(from, from + OBJECTS_AT_ONCE);
    await tx.run(some.flatMap((object) => restoreStatements(object, false)).join(";\n"));
  }
  if (objects.length > 0)
    await tx.rows("update changeover.deferred set restored = true where id = any($1::bigint[])", [
      objects.map(({ id }) => id),
    ]);
}

function restoreStatements(object: Deferred, validate: boolean): string[] {
  const table = pgTable({ schema: object.schema, name: object.relation });
  const comment = (on: string) => (object.comment === null ? [] : [`comment on ${on} is ${pgString(object.comment)}`]);
  switch (object.kind) {
    case "index":
      return [object.definition, ...comment(`index ${pgTable({ schema: object.schema, name: object.name })}`)];
    case "trigger":
      return [object.definition, ...enabling(table, object), ...comment(`trigger ${pgName(object.name)} on ${table}`)];
    case "constraint":
    case "foreign-key": {
      const deferred =
        object.kind === "foreign-key" && !validate && !/ NOT VALID$/.test(object.definition) ? " not valid" : "";
      return [
        `alter table ${table} add constraint ${pgName(object.name)} ${object.definition}${deferred}`,
        ...comment(`constraint ${pgName(object.name)} on ${table}`),
      ];
    }
  }
}

function enabling(table: string, object: Deferred): string[] {
  const how: Record<string, string> = { D: "disable", R: "enable replica", A: "enable always" };
  const verb = how[object.enabled ?? "O"];
  return verb === undefined ? [] : [`alter table ${table} ${verb} trigger ${pgName(object.name)}`];
}

/**
 * Validates foreign keys that were restored NOT VALID, each in its own transaction. Returns the violated ones, or
 * throws at the first.
 */
export async function validateForeignKeys(
  sessions: Sessions,
  run: string,
  { orThrow = false }: { readonly orThrow?: boolean } = {},
): Promise<Deferred[]> {
  const session = sessions.first;
  const failed: Deferred[] = [];
  const objects = await session.rows<Deferred>(sql("target/restored-foreign-keys"), [run]);
  const check = async (own: TargetSession, object: Deferred) => {
    const table = pgTable({ schema: object.schema, name: object.relation });
    try {
      await own.transaction(async (tx) => {
        await tx.rows(sql("target/join-memory"), [table, object.name]);
        await tx.run(`alter table ${table} validate constraint ${pgName(object.name)}`);
      });
    } catch (error) {
      if (orThrow || sqlState(error)?.startsWith("23") !== true) throw error;
      failed.push(object);
    }
  };
  // One at a time per table: a validation locks out others on the same table.
  const tables = byTable(objects).map(({ table, objects: locking }) => ({ table, locking }));
  await runInSessions(sessions, (await weigh(session, tables, sessions.max)).work, check);
  return failed;
}

/**
 * Tests the foreign keys that the cutover will restore: each is added, validated and rolled back. Returns the violated
 * ones.
 */
export async function testForeignKeys(session: TargetSession, run: string): Promise<Deferred[]> {
  const failed: Deferred[] = [];
  const undo = new Error("rolled back");
  for (const object of await deferredAt(session, run, ["cutover"])) {
    if (
      object.kind !== "foreign-key" ||
      !object.validated ||
      (await hasDenseParentKeys(session, pgTable({ schema: object.schema, name: object.relation }), object.definition))
    )
      continue;
    await session
      .transaction(async (tx) => {
        await restoreDeferredObject(tx, object, { validate: true });
        throw undo;
      })
      .catch((error: unknown) => {
        if (sqlState(error)?.startsWith("23") === true) failed.push(object);
        else if (error !== undo) throw error;
      });
  }
  return failed;
}
