import type { SourceTable } from "../model/source-schema.ts";
import { pgName, pgString, pgTable, sqliteName } from "../quote.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import type { QueryTable } from "./query-tables.ts";

/** A temporary table hides the real one: a statement that names it without a schema writes to the copy. */
export async function copyInSource(tx: SourceReader, table: QueryTable): Promise<void> {
  const { definition } = table;
  for (const statement of renderScratchTable(definition)) await tx.rows(statement);
  const columns = definition.columns.filter(({ generated }) => generated === null).map(({ name }) => sqliteName(name));
  const name = sqliteName(definition.name);
  const list = columns.join(", ");
  await tx.rows(`INSERT INTO temp.${name}(${list}) SELECT ${list} FROM main.${name}`);
}

/** The table without its foreign keys, whose parents are elsewhere, and without triggers. */
export function renderScratchTable(table: SourceTable): string[] {
  const name = sqliteName(table.name);
  const columns = table.columns.map((column) => {
    const isRowid = column.name === table.rowidAlias;
    return [
      sqliteName(column.name),
      column.declaredType,
      isRowid ? "PRIMARY KEY" : "",
      column.collation === "BINARY" ? "" : `COLLATE ${sqliteName(column.collation)}`,
      column.notNull ? "NOT NULL" : "",
      column.defaultSql === null ? "" : `DEFAULT (${column.defaultSql})`,
      column.generated === null
        ? ""
        : `GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.storage.toUpperCase()}`,
    ]
      .filter((part) => part !== "")
      .join(" ");
  });
  const key =
    table.primaryKey.length === 0 || table.rowidAlias !== null
      ? []
      : [`PRIMARY KEY (${table.primaryKey.map(sqliteName).join(", ")})`];
  const checks = table.checks.map(({ expression }) => `CHECK (${expression})`);
  const options = [table.withoutRowid ? "WITHOUT ROWID" : "", table.strict ? "STRICT" : ""].filter((o) => o !== "");
  const uniques = table.indexes
    .filter(({ origin, unique }) => unique && origin !== "primary-key")
    .map(({ terms, where }, index) => {
      const list = terms.map(
        ({ collation, column, expression }) =>
          `${column === null ? (expression ?? "rowid") : sqliteName(column)} COLLATE ${sqliteName(collation)}`,
      );
      const condition = where === null ? "" : ` WHERE ${where}`;
      return `CREATE UNIQUE INDEX temp._changeover_${index} ON ${name}(${list.join(", ")})${condition}`;
    });
  return [
    `CREATE TEMP TABLE ${name}(${[...columns, ...key, ...checks].join(", ")}) ${options.join(", ")}`.trim(),
    ...uniques,
  ];
}

/** The same in PostgreSQL, with sequences of its own: those of the table would go on, whatever is rolled back. */
export async function copyInTarget(tx: TargetTransaction, table: QueryTable): Promise<void> {
  const real = pgTable(table.target);
  const scratch = `pg_temp.${pgName(table.target.name)}`;
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => pgName(name));
  await tx.run(
    `create temp table ${pgName(table.target.name)} (like ${real} including all excluding comments) on commit drop;
    insert into ${scratch} (${columns.join(", ")}) overriding system value select ${columns.join(", ")} from ${real}`,
  );
  const sequences = await tx.rows<{ name: string; identity: boolean }>(
    `select attname as name, attidentity <> '' as identity from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
      and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')`,
    [scratch],
  );
  for (const [index, { identity, name }] of sequences.entries()) {
    const column = pgName(name);
    const own = `pg_temp._changeover_${index}`;
    if (!identity)
      await tx.run(
        `create temp sequence _changeover_${index};
        alter table ${scratch} alter ${column} set default nextval('${own}')`,
      );
    const sequence = identity ? `pg_get_serial_sequence(${pgString(scratch)}, ${pgString(name)})` : `'${own}'`;
    await tx.run(`select setval(${sequence}, coalesce(max(${column}), 0) + 1, false) from ${scratch}`);
  }
  const [hidden] = await tx.rows<{ hidden: boolean }>("select to_regclass($1) = to_regclass($2) as hidden", [
    pgName(table.target.name),
    scratch,
  ]);
  if (hidden?.hidden !== true) throw new RangeError(`the copy of ${table.source} does not hide the table`);
}
