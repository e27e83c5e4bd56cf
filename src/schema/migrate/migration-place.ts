import { MIGRATIONS_TABLE, type MigrationsTable } from "./migrations-table.ts";
import type { MigrationFile } from "./read-migration-files.ts";

/** Where a project keeps its migrations: their files, and the table of those that are applied. */
export interface MigrationPlace {
  readonly directory: string;
  /** Default: node-pg-migrate's. */
  readonly migrationsTable?: MigrationsTable;
  /** Files whose whole name matches this regular expression are no migrations; with `useGlob` a glob pattern. */
  readonly ignorePattern?: string;
  /** `directory` is a glob pattern of files. */
  readonly useGlob?: boolean;
  /** Names in scripts are turned into snake_case, as node-pg-migrate's `decamelize` does. */
  readonly decamelize?: boolean;
  /** The files, where they have been read already. */
  readonly files?: readonly MigrationFile[];
}

export function tableOfPlace({ migrationsTable }: Pick<MigrationPlace, "migrationsTable">): MigrationsTable {
  return migrationsTable ?? MIGRATIONS_TABLE;
}

/** A place may be given as its directory alone. */
export function migrationPlaceOf(place: MigrationPlace | string): MigrationPlace {
  return typeof place === "string" ? { directory: place } : place;
}
