import { TargetError } from "../errors.ts";
import {
  baseTypeName,
  isBuiltIn,
  isSerial,
  type RuledType,
  typesOfRules,
  unknownType,
} from "../plan/types/rule-types.ts";
import { migrationTexts } from "../schema/migrate/read-migration-files.ts";
import type { TargetSession } from "../target/target.ts";
import { sqlState, withoutValues } from "../target/target-error.ts";
import { type Context, withSession } from "./context.ts";

/** Refuses rules whose type does not exist: the migration files would fail, after all values were read. */
export async function refuseUnknownTypes(
  context: Pick<Context, "migrationsDirectory" | "rules" | "target">,
  asksTarget: boolean,
): Promise<void> {
  const types = typesOfRules(context.rules).filter(({ type }) => !isSerial(type));
  if (types.length === 0) return;
  const foreign = types.filter(({ type }) => !isBuiltIn(type) && !isMade(context.migrationsDirectory, type));
  if (asksTarget) {
    try {
      return await withSession(context, (session) => askTarget(session, types, foreign));
    } catch (error) {
      // `schema` goes on without a target that cannot be reached.
      if (!(error instanceof TargetError)) throw error;
    }
  }
  const [first] = foreign;
  if (first !== undefined) throw unknownType(first, false);
}

/** What is built in is asked for its modifiers: PostgreSQL knows no numeric(5000). */
async function askTarget(
  session: TargetSession,
  types: readonly RuledType[],
  foreign: readonly RuledType[],
): Promise<void> {
  for (const ruled of types) {
    if (!isBuiltIn(ruled.type) && !foreign.includes(ruled)) continue;
    const found = await session
      .rows<{ found: boolean }>("select to_regtype($1) is not null as found", [ruled.type])
      .then(([row]) => row?.found === true)
      .catch((error: unknown) => {
        if (!/^(42|22)/.test(sqlState(error) ?? "")) throw error;
        throw unknownType(ruled, true, `PostgreSQL refuses: ${withoutValues(error)}`);
      });
    if (!found) throw unknownType(ruled, true);
  }
}

/** A pending migration may make it. */
function isMade(directory: string, type: string): boolean {
  const name = baseTypeName(type).replace(/^.*\./, "").replaceAll('"', "");
  return migrationTexts(directory).some((text) => text.toLowerCase().includes(name));
}
