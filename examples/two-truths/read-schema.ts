import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The tables, and the indexes apart: filling a table first and indexing it then is far faster. */
export function readSchema(): { readonly tables: string; readonly indexes: string } {
  const [tables = "", indexes = ""] = readFileSync(schemaFile(), "utf8").split(/^-- Indexes:.*$/m);
  return { tables, indexes };
}

function schemaFile(): string {
  // Beside this file, or, when this is dist/examples/two-truths/*.js, where the source lies.
  const places = ["schema.sql", "../../../examples/two-truths/schema.sql"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`schema.sql is not at ${places.join(" nor at ")}`);
  return found;
}
