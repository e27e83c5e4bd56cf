import { testCapture, type UntestedPath } from "../capture/capture-self-test.ts";
import { installCapture, removeCapture } from "../capture/install.ts";
import type { CapturedTable } from "../capture/render-triggers.ts";
import { readSchemaState } from "../capture/schema-state.ts";
import { onSchemaTwin } from "../capture/schema-twin.ts";
import { DriftError, RefusedError, SourceError } from "../errors.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Run } from "../model/run.ts";
import { setFollowed, setPhase, setSourceSchema } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { catalogueAt } from "./follow-schema/keep-catalogue.ts";

/** Installs capture in the source and notes the schema and the log's position, from which replay starts. */
export async function capture(context: Context, session: TargetSession, run: Run): Promise<void> {
  const { before, schema } = await context.source.read(async (tx) => ({
    schema: await readSchema(tx),
    before: await readSchemaState(tx),
  }));
  const byName = new Map(schema.tables.map((table) => [table.name, table]));
  const tables = run.mappings.map((mapping) => {
    const table = byName.get(mapping.source);
    if (table === undefined) throw changedMeanwhile(mapping.source);
    for (const column of mapping.columns)
      if (!table.columns.some(({ name }) => name === column.source)) throw changedMeanwhile(mapping.source);
    return { id: mapping.id, table, identity: mapping.identity };
  });
  const state = await installCapture(context.source, { run: run.id, target: context.target.location, tables });
  // It takes several transactions, and others may have had the source in between.
  for (const { source } of run.mappings)
    if (before.tables[source]?.definition !== state.tables[source]?.definition) throw changedMeanwhile(source);
  await proveInstalled(context, tables).catch(async (error: unknown) => {
    // What is not proved costs the application writes for nothing.
    if (error instanceof RefusedError) await removeCapture(context.source);
    throw error;
  });
  const catalogue = await catalogueAt(context, state.version);
  await session.transaction(async (tx) => {
    await setSourceSchema(tx, run.id, state);
    if (catalogue !== null) await setFollowed(tx, run.id, { catalogue, held: [] });
    await setPhase(tx, run.id, "copying");
  });
  context.report({
    kind: "step",
    message: `capture is installed on ${tables.length} tables of the source, and was tried on each that differs`,
  });
}

/** Tries capture on the live schema, and says what could not be tried. */
export async function proveInstalled(context: Context, tables: readonly CapturedTable[]): Promise<void> {
  const unproved = await tried(context, tables);
  for (const table of new Set(unproved.map(({ table }) => table))) {
    const paths = unproved.filter((path) => path.table === table);
    const reasons = new Set(paths.map(({ reason }) => reason));
    context.report({
      kind: "warning",
      message:
        `table ${table}: capture could not be tried for ${paths.map(({ path }) => path).join(", ")} ` +
        `(${[...reasons].join("; ")}); the verification before the cutover compares every row`,
    });
  }
}

/** At a server's own schema where a local database does not take it: a function that only the server has, say. */
function tried({ source }: Context, tables: readonly CapturedTable[]): Promise<readonly UntestedPath[]> {
  if (source.kind === "file") return testCapture(source, tables);
  return onSchemaTwin(source, tables, (twin) => testCapture(twin, tables)).catch((error: unknown) => {
    if (error instanceof SourceError && error.code === "SOURCE_FAILED") return testCapture(source, tables);
    throw error;
  });
}

function changedMeanwhile(table: string): DriftError {
  return new DriftError({
    code: "SCHEMA_DRIFT",
    message: `table ${table} of the source changed while the run began`,
    hint: "start over: `changeover rollback`, then the same command again",
    context: { table, tables: [table] },
  });
}
