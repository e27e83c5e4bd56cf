import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openTarget } from "../../src/target/target.ts";
import { temporaryDirectory } from "./source.ts";

export interface Project {
  readonly cwd: string;
  readonly directory: string;
  /** Writes files, by their names; null removes one. */
  write(files: Readonly<Record<string, string | null>>): void;
}

/** A folder with migration files. */
export function project(files: Readonly<Record<string, string | null>>): Project {
  const cwd = temporaryDirectory();
  const directory = join(cwd, "migrations");
  mkdirSync(directory);
  const write = (given: Readonly<Record<string, string | null>>) => {
    for (const [name, text] of Object.entries(given)) {
      if (text === null) rmSync(join(directory, name));
      else writeFileSync(join(directory, name), text);
    }
  };
  write(files);
  return { cwd, directory, write };
}

export function sqlMigration(up: string, down: string): string {
  return `-- Up Migration\n${up};\n-- Down Migration\n${down};\n`;
}

/**
 * Everything in a database but what is PostgreSQL's own: definitions, and a digest of each table's rows; the history
 * apart, which notes that it was tried.
 */
export async function wholeDatabase(url: string): Promise<string[]> {
  const target = openTarget({ url });
  try {
    const session = await target.session();
    const lines = (await session.rows<{ line: string }>(OBJECTS)).map(({ line }) => line);
    const tables = await session.rows<{ name: string }>(
      "select c.oid::regclass::text as name from pg_class c where relkind = 'r' " +
        "and relnamespace::regnamespace::text !~ '^(pg_|information_schema)' " +
        "and c.oid::regclass::text <> 'changeover.history' order by 1",
    );
    const digests = tables.map(
      ({ name }) =>
        `select format('rows %s %s', '${name}', coalesce(md5(string_agg(t::text, ',' ` +
        `order by t::text)), 'none')) as line from ${name} as t`,
    );
    return digests.length === 0
      ? lines
      : [...lines, ...(await session.rows<{ line: string }>(digests.join(" union all "))).map(({ line }) => line)];
  } finally {
    await target.close();
  }
}

const OBJECTS = `
with own as (select c.* from pg_class c where relnamespace::regnamespace::text !~ '^(pg_|information_schema)')
select line from (
  select format('schema %s', nspname) as line from pg_namespace where nspname !~ '^pg_'
  union all select format('relation %s %s %s', oid::regclass, relkind, reloptions) from own
  union all select format('column %s.%s %s %s %s', o.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
    a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) from own o join pg_attribute a on a.attrelid = o.oid
      and a.attnum > 0 left join pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
  union all select format('constraint %s %s %s %s', o.oid::regclass, k.conname, pg_get_constraintdef(k.oid),
    k.convalidated) from own o join pg_constraint k on k.conrelid = o.oid
  union all select format('index %s %s', pg_get_indexdef(i.indexrelid), i.indisvalid) from own o join pg_index i
    on i.indrelid = o.oid
  union all select format('trigger %s', pg_get_triggerdef(t.oid)) from own o join pg_trigger t on t.tgrelid = o.oid
    where not t.tgisinternal
  union all select format('function %s', oid::regprocedure) from pg_proc where pronamespace = 'public'::regnamespace
) as lines order by line collate "C"`;
