import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { migrationFiles } from "../db/migrate.ts";

/** A migration file, as it lies in the directory. */
export interface MigrationSource {
  /** As node-pg-migrate notes it: the file's name without its ending. */
  readonly name: string;
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly language: "sql" | "script";
}

/** All files of a directory, in the order in which they run. */
export function readMigrations(directory: string): MigrationSource[] {
  const files = new Map(migrationFiles(directory).map((name) => [name, null as string | null]));
  for (const file of files.size === 0 ? [] : readdirSync(directory)) {
    const name = file.replace(/\.[^.]+$/, "");
    if (files.has(name)) files.set(name, file);
  }
  return [...files].flatMap(([name, file]) => {
    if (file === null) return [];
    const path = join(directory, file);
    return [{ name, file, path, text: readFileSync(path, "utf8"), language: file.endsWith(".sql") ? ("sql" as const) : ("script" as const) }];
  });
}
