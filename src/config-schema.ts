import { z } from "zod";
import type { ConfigFile } from "./config-file.ts";
import { ORM_PROFILES, type OrmName } from "./model/orm-profile.ts";

/**
 * What a config file and some flags may hold. Apart from `config.ts`, since zod takes 50 ms to load and most commands
 * are given neither.
 */

const onBadValue = z.enum(["stop", "quarantine", "null"]);
const given = z.string().min(1);
const duration = z.union([z.number().positive(), given]);
const seeded = z.enum(["truncate", "keep", "merge"]);

const orms = Object.keys(ORM_PROFILES) as [OrmName, ...OrmName[]];

const columnRules = z.strictObject({
  name: given.optional(),
  type: given.optional(),
  expression: given.optional(),
  unit: z.enum(["seconds", "milliseconds", "microseconds"]).optional(),
  nullAndEmpty: z.enum(["distinct", "empty-to-null", "null-to-empty"]).optional(),
  default: given.nullable().optional(),
  exclude: z.literal(true).optional(),
  onBadValue: onBadValue.optional(),
});

const tableRules = z.strictObject({
  exclude: z.boolean().optional(),
  name: given.optional(),
  onBadValue: onBadValue.optional(),
  seeded: seeded.optional(),
  columns: z.record(z.string(), columnRules).optional(),
});

/** What the config file may hold. Flags come before the environment, the environment before the file. */
export const fileSchema = z.strictObject({
  source: z.string().min(1).optional(),
  sourceAuthToken: z.string().min(1).optional(),
  sourceJournal: z.literal("wal").optional(),
  target: z.string().min(1).optional(),
  schema: z.string().min(1).optional(),
  stateSchema: z.string().min(1).optional(),
  migrationsDir: z.string().min(1).optional(),
  app: given.optional(),
  schemaBy: z.enum(["changeover", "application"]).optional(),
  schemaCommand: given.optional(),
  migrationsTable: z.string().min(1).optional(),
  migrationsSchema: z.string().min(1).optional(),
  ignorePattern: z.string().min(1).optional(),
  useGlob: z.boolean().optional(),
  decamelize: z.boolean().optional(),
  types: z.enum(["plain", "enhanced"]).optional(),
  profile: z.enum(orms).optional(),
  integers: z.enum(["int4", "int8"]).optional(),
  names: z.enum(["keep", "snake_case"]).optional(),
  collation: z.enum(["C", "database"]).optional(),
  exclude: z.array(z.string()).optional(),
  maxRate: z.number().positive().optional(),
  jobs: z.number().int().positive().max(64).optional(),
  maxDowntime: z.union([z.number().positive(), z.string()]).optional(),
  accept: z.array(given).optional(),
  onBadValue: onBadValue.optional(),
  seeded: seeded.optional(),
  queries: z.strictObject({ accept: z.array(given).optional() }).optional(),
  tables: z.record(z.string(), tableRules).optional(),
  listen: given.optional(),
  serve: z.union([z.boolean(), given]).optional(),
  notify: z.array(given).optional(),
  report: given.optional(),
  logFormat: z.enum(["text", "json"]).optional(),
  followSchema: z.enum(["stop", "write", "apply"]).optional(),
  verifyEvery: duration.optional(),
  verifiedWithin: duration.optional(),
  failback: z.literal(false).optional(),
  failbackWindow: duration.optional(),
  postponeUntil: z.array(given).optional(),
  hooks: z
    .partialRecord(z.enum(["before-fence", "after-fence", "before-open", "after-open", "on-abort"]), given)
    .optional(),
}) satisfies z.ZodType<ConfigFile>;

export const flagSchema = z.object({
  schemaBy: z.enum(["changeover", "application"], "--schema-by takes changeover or application").optional(),
  sourceJournal: z.literal("wal", "--source-journal takes wal").optional(),
  types: z.enum(["plain", "enhanced"], "--types takes plain or enhanced").optional(),
  profile: z.enum(orms, `--profile takes ${orms.join(", ")}`).optional(),
  integers: z.enum(["int4", "int8"], "--integers takes int4 or int8").optional(),
  names: z.enum(["keep", "snake_case"], "--names takes keep or snake_case").optional(),
  collation: z.enum(["C", "database"], "--collation takes C or database").optional(),
  maxRate: z.coerce
    .number("--max-rate takes a number of rows a second")
    .positive("--max-rate takes a number above 0")
    .optional(),
  jobs: z.coerce
    .number("--jobs takes a whole number")
    .int("--jobs takes a whole number")
    .min(1, "--jobs takes a number above 0")
    .max(64, "--jobs takes 64 at most")
    .optional(),
  onBadValue: z.enum(["stop", "quarantine", "null"], "--on-bad-value takes stop, quarantine or null").optional(),
  seeded: z.enum(["truncate", "keep", "merge"], "--seeded takes truncate, keep or merge").optional(),
});

/** What is wrong with a config file, in words. */
export function describeError(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll("\n", " ");
}

export type CheckedFlags = z.infer<typeof flagSchema>;
