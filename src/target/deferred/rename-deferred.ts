import { pgName, pgTable } from "../../quote.ts";
import { stateOf } from "../state-schema.ts";
import type { TargetTransaction } from "../target.ts";
import { sqlState } from "../target-error.ts";
import { type Deferred, deferredAt } from "./deferred-objects.ts";
import { restoreDeferredObject } from "./restore-object.ts";

/**
 * Names that a migration changed while foreign keys and triggers were dropped: PostgreSQL cannot update saved
 * definitions.
 */
export interface Renames {
  readonly schema: string;
  readonly from: string;
  readonly to: string;
  /** Old column name → new name. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Applies renames to the saved definitions of the run. */
export async function renameDeferred(tx: TargetTransaction, run: string, renames: Renames): Promise<void> {
  for (const object of await deferredAt(tx, run, ["cutover"])) {
    const own = object.schema === renames.schema && object.relation === renames.from;
    const definition =
      object.kind === "foreign-key"
        ? renamedForeignKey(object.definition, { own, renames })
        : own
          ? renamedTrigger(object.definition, renames)
          : object.definition;
    await tx.rows(`update ${stateOf(tx)}.deferred set relation = $2, definition = $3 where id = $1`, [
      object.id,
      own ? renames.to : object.relation,
      definition,
    ]);
  }
}

const UNDEFINED_TABLE = "42P01";
const UNDEFINED_COLUMN = "42703";

/**
 * Deletes definitions that cannot be restored, since their table or column is dropped: PostgreSQL would have dropped
 * the objects, too.
 */
export async function forgetUnrestorable(tx: TargetTransaction, run: string): Promise<Deferred[]> {
  const forgotten: Deferred[] = [];
  for (const object of await deferredAt(tx, run, ["cutover"])) {
    const state = await attempt(tx, object);
    if (state !== UNDEFINED_TABLE && state !== UNDEFINED_COLUMN) continue;
    await tx.rows(`delete from ${stateOf(tx)}.deferred where id = $1`, [object.id]);
    forgotten.push(object);
  }
  return forgotten;
}

/** Restores an object and rolls back; returns the SQLSTATE of a failure. */
async function attempt(tx: TargetTransaction, object: Deferred): Promise<string | undefined> {
  const undo = new Error("undo");
  try {
    await tx.savepoint(async () => {
      await restoreDeferredObject(tx, object, { validate: false });
      throw undo;
    });
  } catch (error) {
    return error === undo ? undefined : sqlState(error);
  }
  return undefined;
}

const TABLE = '(?<table>(?:"(?:[^"]|"")*"|[^("])+)';
/** `FOREIGN KEY (a, b) REFERENCES t(c, d) …`, as pg_get_constraintdef writes it. */
const DEFINITION = new RegExp(
  `^FOREIGN KEY \\((?<columns>.*?)\\) REFERENCES ${TABLE}\\((?<parents>.*?)\\)(?<rest>.*)$`,
  "s",
);

/** Renames in the definition of a foreign key. `own`: whether the constraint is on the renamed table. */
export function renamedForeignKey(
  definition: string,
  { own, renames }: { readonly own: boolean; readonly renames: Renames },
): string {
  const parsed = DEFINITION.exec(definition)?.groups;
  if (parsed === undefined) return definition;
  const { columns = "", table = "", parents = "", rest = "" } = parsed;
  const refers = unquoted(table.split(".").at(-1) ?? "") === renames.from;
  const renamed = (list: string) =>
    list
      .split(", ")
      .map((name) => (renames.columns.has(unquoted(name)) ? pgName(renames.columns.get(unquoted(name)) ?? "") : name))
      .join(", ");
  const ownColumns = own ? renamed(columns) : columns;
  const [parent, keys] = refers
    ? [pgTable({ schema: renames.schema, name: renames.to }), renamed(parents)]
    : [table, parents];
  return `FOREIGN KEY (${ownColumns}) REFERENCES ${parent}(${keys})${rest}`;
}

function renamedTrigger(definition: string, { schema, from, to }: Renames): string {
  const names = [from, pgName(from)].flatMap((name) => [name, `${schema}.${name}`, `${pgName(schema)}.${name}`]);
  const written = names.find((name) => definition.includes(` ON ${name} `));
  return written === undefined
    ? definition
    : definition.replace(` ON ${written} `, () => ` ON ${pgTable({ schema, name: to })} `);
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
