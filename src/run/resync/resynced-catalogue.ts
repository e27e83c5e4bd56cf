import type { Run } from "../../model/run.ts";
import type { CapturedCatalogue } from "../../model/schema-change.ts";
import type { TableArrival } from "./prepare-target.ts";

/**
 * What the next change is measured against: of tables that are in line again as they are now, and of all others as they
 * were noticed last. Another one may have changed since, and that is still to be noticed. Null where the run does not
 * know it.
 */
export function resyncedCatalogue(
  { sourceCatalogue: was }: Run,
  now: CapturedCatalogue,
  planned: readonly TableArrival[],
): CapturedCatalogue | null {
  if (was === null) return null;
  const names = new Set(
    planned.flatMap((table) => [
      ...(table.before === null ? [] : [table.before.source]),
      ...(table.kind === "copy" ? [table.mapping.source] : []),
    ]),
  );
  // A table that was renamed is known by its capture.
  const ids = new Set(planned.map((table) => (table.kind === "copy" ? table.mapping.id : table.before.id)));
  const isPlanned = ({ places }: CapturedCatalogue, name: string) =>
    names.has(name) || ids.has(places[name]?.captureId ?? -1);
  const merged = <T>(of: (catalogue: CapturedCatalogue) => readonly T[], table: (item: T) => string) => [
    ...of(was).filter((item) => !isPlanned(was, table(item))),
    ...of(now).filter((item) => isPlanned(now, table(item))),
  ];
  return {
    schema: {
      ...was.schema,
      tables: merged(
        ({ schema }) => schema.tables,
        ({ name }) => name,
      ),
      triggers: merged(
        ({ schema }) => schema.triggers,
        ({ table }) => table,
      ),
    },
    places: Object.fromEntries(
      merged(
        ({ places }) => Object.entries(places),
        ([name]) => name,
      ),
    ),
  };
}
