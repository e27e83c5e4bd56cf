import { askTarget, type PostgresDatabase } from "./postgres-side.ts";
import { asked, type SqliteDatabase } from "./sqlite-side.ts";

/** How many of each kind of thing a schema holds, by what to call them. */
const COUNTS = {
  views: [
    "SELECT count(*) FROM sqlite_schema WHERE type = 'view'",
    "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'",
  ],
  triggers: [
    "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'",
    "select count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid where not tgisinternal " +
      "and relnamespace = 'public'::regnamespace",
  ],
  CHECKs: [
    "SELECT coalesce(sum((length(sql) - length(replace(upper(sql), 'CHECK (', ''))) / 7), 0) " +
      "FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
    "select count(*) from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace",
  ],
  "foreign keys": [
    "SELECT count(DISTINCT f.id || ' ' || m.name) FROM sqlite_schema m, pragma_foreign_key_list(m.name) f " +
      "WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'",
    "select count(*) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace",
  ],
  "generated columns": [
    "SELECT count(*) FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' " +
      "AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND c.hidden IN (2, 3)",
    "select count(*) from pg_attribute a join pg_class c on c.oid = a.attrelid " +
      "where relnamespace = 'public'::regnamespace and attgenerated <> ''",
  ],
  defaults: [
    "SELECT count(*) FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' " +
      "AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND c.dflt_value IS NOT NULL AND lower(c.dflt_value) <> 'null'",
    "select count(*) from pg_attrdef d join pg_class c on c.oid = d.adrelid " +
      "join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum " +
      "where relnamespace = 'public'::regnamespace and attgenerated = '' and pg_get_expr(adbin, " +
      "adrelid) !~ '^nextval'",
  ],
  "indexes on expressions": [
    "SELECT count(DISTINCT l.name) FROM sqlite_schema m, pragma_index_list(m.name) l, " +
      "pragma_index_xinfo(l.name) x WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND x.cid = -2",
    "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid " +
      "where relnamespace = 'public'::regnamespace and indexprs is not null",
  ],
  "descending index terms": [
    "SELECT count(*) FROM sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x " +
      "WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND l.origin = 'c' AND x.\"desc\" AND x.key",
    "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid, unnest(i.indoption) o " +
      "where relnamespace = 'public'::regnamespace and o & 1 = 1",
  ],
  "keys without regard to case": [
    "SELECT count(DISTINCT l.name) FROM sqlite_schema m, pragma_index_list(m.name) l, " +
      "pragma_index_xinfo(l.name) x WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' " +
      "AND l.\"unique\" AND x.key AND upper(x.coll) = 'NOCASE'",
    "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid " +
      "where relnamespace = 'public'::regnamespace and indisunique and (pg_get_indexdef(indexrelid) ~* 'lower' " +
      "or exists (select from pg_attribute a where a.attrelid = indexrelid " +
      "and atttypid::regtype::text = 'citext'))",
  ],
  "partial indexes": [
    "SELECT count(*) FROM sqlite_schema m, pragma_index_list(m.name) l WHERE m.type = 'table' " +
      "AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND l.partial",
    "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid " +
      "where relnamespace = 'public'::regnamespace and indpred is not null",
  ],
  // Those over the same columns count once: SQLite lets one say the same twice.
  "keys and unique indexes": [
    `SELECT count(*) FROM (
      SELECT DISTINCT m.name, l.partial, (SELECT group_concat(coalesce(name, l.name)) FROM (SELECT name
        FROM pragma_index_info(l.name) ORDER BY seqno)) FROM sqlite_schema m, pragma_index_list(m.name) l
          WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND l."unique"
      UNION SELECT m.name, 0, p.name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table'
        AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND p.pk > 0 AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name)
          WHERE origin = 'pk'))`,
    "select count(distinct (indrelid, indkey::text, indexprs::text, indpred::text)) from pg_index i " +
      "join pg_class c on c.oid = i.indrelid where relnamespace = 'public'::regnamespace and indisunique",
  ],
} as const;

/** Tables whose AUTOINCREMENT counter is ahead of what the target would give next: ids would come a second time. */
export async function countersBehind(database: SqliteDatabase, target: PostgresDatabase): Promise<string[]> {
  if (asked(database, "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").length === 0) return [];
  const behind: string[] = [];
  for (const [table, counter] of asked(database, "SELECT name, seq FROM sqlite_sequence")) {
    const column =
      "select quote_ident(attname), c.oid::regclass from pg_attribute a join pg_class c on c.oid = a.attrelid " +
      "where relnamespace = 'public'::regnamespace and lower(relname) = lower($table$" +
      String(table) +
      "$table$) and attnum > 0 and not attisdropped";
    const sequences = await askTarget(
      target,
      `select max(s.last_value) from (${column}) as t(name, relation), lateral (select ` +
        `pg_get_serial_sequence(t.relation::text, trim(both '"' from t.name)) as sequence) as q, pg_sequences s ` +
        "where format('%I.%I', s.schemaname, s.sequencename)::regclass = q.sequence::regclass",
    );
    if (Number(sequences[0]?.[0] ?? 0) < Number(counter)) behind.push(String(table));
  }
  return behind;
}

export function countObjectsOfSource(database: SqliteDatabase): [what: string, count: number][] {
  return Object.entries(COUNTS).map(([what, [query]]) => [what, Number(asked(database, query)[0]?.[0] ?? 0)]);
}

export async function countObjectsOfTarget(target: PostgresDatabase): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [what, [, query]] of Object.entries(COUNTS))
    counts.set(what, Number((await askTarget(target, query))[0]?.[0] ?? 0));
  return counts;
}
