import { importDriver } from "./connection.ts";

/** Imports what running migrations will want, for when there is nothing else to do: it takes a tenth of a second. */
export function preload(): void {
  for (const imported of [
    import("node-pg-migrate/migrationLoader"),
    import("node-pg-migrate/migrationBuilder"),
    importDriver(),
  ])
    imported.catch(() => {});
}
