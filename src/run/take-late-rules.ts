import { readCatalogue } from "../inspect/read-catalogue.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { type LateRule, lateRules } from "../plan/late-rules.ts";
import { mapTables } from "../plan/propose/map-tables.ts";
import { pgTable } from "../quote.ts";
import { loadTables } from "../target/store/table-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { inspectSource } from "./inspect.ts";

/**
 * Rules that were written since the run began. Of a table of which nothing is copied yet, those that shape its values
 * are taken; of all others it is said what they take. Returns the mappings as they are from here on.
 */
export async function takeLateRules(
  context: Context,
  session: TargetSession,
  run: Run,
): Promise<readonly TableMapping[]> {
  if (run.phase !== "copying" && run.phase !== "syncing" && run.phase !== "new") return run.mappings;
  const late = lateRules(run.mappings, await context.source.read(readSchema), context.rules);
  if (late.length === 0) return run.mappings;
  const untouched = new Set(
    (await loadTables(session, run.id))
      .filter(({ copied, done, position }) => copied === 0 && !done && position === null)
      .map(({ source }) => source),
  );
  const taken = new Map<string, TableMapping>();
  for (const mapping of run.mappings) {
    const own = late.filter(({ table }) => table === mapping.source);
    if (own.length === 0 || !untouched.has(mapping.source) || own.some(({ rule }) => rule !== "values")) continue;
    const fresh = await remapped(context, session, mapping);
    if (fresh !== null) taken.set(mapping.source, fresh);
  }
  say(
    context,
    late.filter(({ table }) => !taken.has(table)),
    [...taken.keys()],
  );
  return run.mappings.map((mapping) => taken.get(mapping.source) ?? mapping);
}

/** Null where rows would be told apart by something else from now on: capture already logs their keys. */
async function remapped(context: Context, session: TargetSession, before: TableMapping): Promise<TableMapping | null> {
  const catalogue = await readCatalogue(session);
  const tables = catalogue.tables.filter((table) => pgTable(table) === pgTable(before.target));
  const { profiles, schema } = await inspectSource(context, { only: before.source, target: catalogue });
  const renamed = new Map([
    [before.source, before.target.name],
    ...before.columns.map(({ source, target }) => [`${before.source}.${source}`, target] as const),
  ]);
  const [mapping] = mapTables(schema, { ...catalogue, tables }, profiles, { renamed, rules: context.rules });
  const isSame = JSON.stringify(mapping?.identity) === JSON.stringify(before.identity);
  return mapping === undefined || !isSame ? null : { ...before, columns: mapping.columns };
}

function say({ report }: Context, open: readonly LateRule[], taken: readonly string[]): void {
  if (taken.length > 0)
    report({
      kind: "step",
      message: `rules written since the run began are taken for ${taken.join(", ")}: nothing of that was copied yet`,
    });
  for (const { column, rule, table } of open)
    report({
      kind: "warning",
      message:
        `the rule for ${table}${column === undefined ? "" : `.${column}`} (${WORDS[rule]}) was written after the run ` +
        `began and does not count: it takes ${takes(rule, table)}`,
    });
}

const WORDS: Readonly<Record<LateRule["rule"], string>> = {
  exclude: "exclude",
  name: "name",
  type: "type",
  values: "expression, nullAndEmpty or unit",
};

function takes(rule: LateRule["rule"], table: string): string {
  if (rule === "values") return `\`changeover sync --resync ${table}\``;
  if (rule === "exclude") return "`changeover rollback`, and a new run";
  return `a migration that gives the target's table that ${rule}, then \`changeover sync --resync ${table}\``;
}
