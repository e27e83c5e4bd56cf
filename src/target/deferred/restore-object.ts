import { pgName, pgString, pgTable } from "../../quote.ts";
import { stateOf } from "../state-schema.ts";
import type { TargetStatements } from "../target.ts";
import type { Deferred } from "./deferred-objects.ts";

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
  await tx.rows(`update ${stateOf(tx)}.deferred set restored = true where id = $1`, [object.id]);
}

const OBJECTS_AT_ONCE = 50;

/**
 * Recreates many objects in the given transaction with few messages; foreign keys NOT VALID unless it is to `validate`.
 * `between` may throw to abort.
 */
export async function restoreAllDeferred(
  tx: TargetStatements,
  objects: readonly Deferred[],
  { between, validate = false }: { readonly between: () => void; readonly validate?: boolean },
): Promise<void> {
  for (let from = 0; from < objects.length; from += OBJECTS_AT_ONCE) {
    between();
    const some = objects.slice(from, from + OBJECTS_AT_ONCE);
    await tx.run(some.flatMap((object) => restoreStatements(object, validate)).join(";\n"));
  }
  if (objects.length > 0)
    await tx.rows(`update ${stateOf(tx)}.deferred set restored = true where id = any($1::bigint[])`, [
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
