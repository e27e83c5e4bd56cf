import { profileTable } from "../inspect/profile-table.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Run } from "../model/run.ts";
import { type QueryTableFacts, type QueryTables, queryTables } from "../queries/query-tables.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";

/**
 * The tables of a run as the application's statements need to know them. `isNamed`: those that some statement names;
 * each of their values is read, since what is in a column decides what an operator means.
 */
export async function readQueryTables(
  context: Context,
  session: TargetSession,
  run: Run,
  isNamed: (table: string) => boolean = () => true,
): Promise<QueryTables> {
  const schema = await context.source.read(readSchema);
  const catalogue = await readCatalogue(session);
  const facts: QueryTableFacts[] = [];
  for (const mapping of run.mappings) {
    const source = schema.tables.find(({ name }) => name === mapping.source);
    const target = catalogue.tables.find(
      ({ name, schema: own }) => name === mapping.target.name && own === mapping.target.schema,
    );
    if (source === undefined || target === undefined) continue;
    const profile = isNamed(source.name)
      ? await profileTable(context.source, source, {
          encoding: schema.encoding,
          report: context.report,
          signal: context.signal,
        })
      : null;
    facts.push({ source, target, mapping, profile });
  }
  return queryTables(schema, facts);
}
