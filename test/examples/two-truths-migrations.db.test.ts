import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { migrateDown, migrateUp } from "../../src/schema/migrate/migrate-target.ts";
import { migrationNames } from "../../src/schema/migrate/read-migration-files.ts";
import { emptyDatabase, query } from "../support/target.ts";

const DIRECTORY = fileURLToPath(new URL("../../examples/two-truths/migrations", import.meta.url));

const CATALOGUE = `
  select 'column' as kind, c.relname || '.' || a.attname as name, format_type(a.atttypid,
    a.atttypmod) || a.attnotnull::text || a.attidentity::text || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as text
  from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid
    and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    and c.relname <> 'pgmigrations'
  union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
    and tablename <> 'pgmigrations'
  union all select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and conname !~ 'pgmigrations'
  union all select 'trigger', tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all select 'statistics', stxname, pg_get_statisticsobjdef(oid) from pg_statistic_ext
  order by 1, 2, 3`;

it("the sample's hand-tuned migrations go up, down, up again to the same catalogue, and down to nothing", async () => {
  const url = await emptyDatabase();
  const files = migrationNames(DIRECTORY);
  expect(await migrateUp({ url, directory: DIRECTORY })).toEqual(files);
  const first = await query<{ kind: string; text: string }>(url, CATALOGUE);
  for (const feature of [
    "uuid",
    "gen_random_uuid()",
    "jsonb",
    "inet",
    "timestamp with time zone",
    "boolean",
    "gin_trgm_ops",
    "WHERE (status = 'published'",
  ])
    expect(first.map(({ text }) => text).join("\n")).toContain(feature);
  expect(new Set(first.map(({ kind }) => kind))).toEqual(
    new Set(["column", "index", "constraint", "trigger", "statistics"]),
  );
  expect(await migrateDown({ url, directory: DIRECTORY, count: files.length })).toEqual([...files].reverse());
  expect(await query(url, CATALOGUE)).toEqual([]);
  await migrateUp({ url, directory: DIRECTORY });
  expect(await query(url, CATALOGUE)).toEqual(first);
});
