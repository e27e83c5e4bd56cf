/**
 * A project that uses every operation of node-pg-migrate, in each kind of file. Each down half undoes its up half;
 * where there is none, node-pg-migrate reverses the up half.
 */
export const EVERY_OPERATION: Readonly<Record<string, string>> = {
  "0001_schema.sql": sql("create schema shop; create schema parts;", "drop schema parts; drop schema shop;"),
  "0002_schemas.mjs": mjs(
    "pgm.createSchema('tmp'); pgm.renameSchema('tmp', 'store'); pgm.dropSchema('parts');",
    "pgm.createSchema('parts'); pgm.dropSchema('store');",
  ),
  "0003_extension.mjs": mjs(
    "pgm.createExtension('pg_trgm'); pgm.addExtension('citext'); pgm.dropExtension('citext');",
    "pgm.dropExtension('pg_trgm');",
  ),
  "0004_tables.ts":
    'import type { MigrationBuilder } from "node-pg-migrate";\n' +
    "export const shorthands = { id: { type: 'bigint', primaryKey: true, sequenceGenerated:" +
    " { precedence: 'ALWAYS' } }," +
    " money: { type: 'numeric(12,2)', notNull: true, default: 0 } };\n" +
    "export function up(pgm: MigrationBuilder): void {\n" +
    "  pgm.createTable('customers', { id: 'id', name: { type: 'text', notNull: true, comment: 'as given' },\n" +
    "    email: { type: 'varchar(200)', unique: true },\n" +
    "    since: { type: 'timestamptz', default: pgm.func('now()') } },\n" +
    "    { comment: 'who buys', constraints: { check: ['length(name) > 0', 'id > 0'] } });\n" +
    "  pgm.createTable({ schema: 'shop', name: 'orders' }, { id: 'id', total: 'money',\n" +
    "    customer: { type: 'bigint', references: 'customers', onDelete: 'CASCADE', deferrable: true },\n" +
    "    gross: { type: 'numeric', expressionGenerated: 'total * 1.2' } });\n}\n",
  "0005_like.cts":
    "exports.up = (pgm) => {\n" +
    "  pgm.createTable('customers_like', {}, { like: { table: 'customers', options: { including: 'ALL' } } });\n" +
    "  pgm.createTable('log', { day: { type: 'date', notNull: true }, what: 'text' },\n" +
    "    { partition: { strategy: 'RANGE', columns: 'day' } });\n" +
    "  pgm.createTable('fast', { x: 'int' }, { unlogged: true });\n};\n" +
    "exports.down = (pgm) => { pgm.dropTable('fast'); pgm.dropTable('log'); pgm.dropTable('customers_like'); };\n",
  "0006_partition.sql": sql(
    "create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01');",
    "drop table log_2026;",
  ),
  "0007_columns.js":
    "exports.up = async (pgm) => {\n" +
    "  pgm.addColumns('customers', { phone: 'text', age: { type: 'int', check: 'age > 0' } });\n" +
    "  pgm.addColumn('customers', { note: { type: 'text', default: 'none' } }, { ifNotExists: true });\n" +
    "  pgm.renameColumn('customers', 'phone', 'telephone');\n};\n",
  "0008_alter.mts": mjs(
    "pgm.alterColumn('customers', 'age', { type: 'bigint', default: 18, notNull: true, comment: 'in years' });" +
      "pgm.alterColumn('customers', 'telephone', { collation: '\"C\"', type: 'varchar(40)' });",
    "pgm.alterColumn('customers', 'telephone', { type: 'text', collation: '\"default\"' });" +
      "pgm.alterColumn('customers', 'age', { type: 'int', default: null, allowNull: true, comment: null });",
  ),
  "0009_dropped.mjs": mjs(
    "pgm.dropColumns('customers', ['note']); pgm.dropColumn('fast', 'x'); pgm.renameTable('fast', 'faster');",
    "pgm.renameTable('faster', 'fast'); pgm.addColumn('fast', { x: 'int' });" +
      "pgm.addColumn('customers', { note: { type: 'text', default: 'none' } });",
  ),
  "0010_constraints.mjs": mjs(
    "pgm.addConstraint('customers', 'old_enough', { check: 'age >= 18', comment: 'the law' });" +
      "pgm.createConstraint({ schema: 'shop', name: 'orders' }, 'one_total', { unique: ['customer', 'total'] });" +
      "pgm.renameConstraint('customers', 'old_enough', 'of_age');",
  ),
  "0011_constraint.mjs": mjs(
    "pgm.dropConstraint('customers', 'of_age');",
    "pgm.addConstraint('customers', 'of_age', { check: 'age >= 18', comment: 'the law' });",
  ),
  "0012_indexes.mjs": mjs(
    "pgm.createIndex('customers', [{ name: 'age', sort: 'DESC', nulls: 'LAST' }, 'name'], { include: 'email' });" +
      "pgm.addIndex('customers', 'lower(name)', { name: 'by_name', unique: true, where: 'age > 20' });" +
      "pgm.createIndex('customers', { name: 'name', opclass: 'gin_trgm_ops' }, { name: 'words', method: 'gin' });" +
      "pgm.renameIndex('by_name', 'by_lower_name');",
  ),
  "0013_index.cjs":
    "exports.up = (pgm) => { pgm.noTransaction(); pgm.createIndex({ schema: 'shop', name: 'orders' }, 'total',\n" +
    "  { name: 'by_total', concurrently: true }); };\n" +
    "exports.down = (pgm) => { pgm.noTransaction();\n" +
    "  pgm.dropIndex({ schema: 'shop', name: 'orders' }, 'total', { name: 'by_total', concurrently: true }); };\n",
  "0014_types.mjs": mjs(
    "pgm.createType('mood', ['sad', 'ok']); pgm.createType('point3', { x: 'int', y: 'int' });" +
      "pgm.addType('gone', ['a']); pgm.dropType('gone'); pgm.renameTypeValue('mood', 'ok', 'fine');" +
      "pgm.addTypeAttribute('point3', 'z', 'int'); pgm.setTypeAttribute('point3', 'z', 'bigint');" +
      "pgm.renameTypeAttribute('point3', 'z', 'depth'); pgm.renameType('point3', 'place');",
    "pgm.dropTypeAttribute('place', 'depth'); pgm.dropType('place'); pgm.dropType('mood');",
  ),
  "0015_value.mjs": mjs(
    "pgm.noTransaction(); pgm.addTypeValue('mood', 'good', { before: 'fine', ifNotExists: true });",
    "pgm.sql(`drop type mood; create type mood as enum ('sad', 'fine')`);",
  ),
  "0016_domains.mjs": mjs(
    "pgm.createDomain('percent', 'int', { check: 'value between 0 and 100', default: 0 });" +
      "pgm.alterDomain('percent', { notNull: true }); pgm.renameDomain('percent', 'share');",
    "pgm.dropDomain('share');",
  ),
  "0017_functions.ts": mjs(
    "pgm.createFunction('twice', [{ name: 'x', type: 'int', default: '1' }], { returns: 'int', language: 'sql'," +
      " behavior: 'IMMUTABLE', parallel: 'SAFE', onNull: true, set: [{ configurationParameter: 'search_path'," +
      " value: 'pg_catalog' }] }, 'select x * 2'); pgm.renameFunction('twice', ['int'], 'doubled');",
    "pgm.dropFunction('doubled', ['int']);",
  ),
  "0018_triggers.mjs": mjs(
    "pgm.createTrigger('customers', 'stamp', { when: 'BEFORE', operation: ['INSERT', 'UPDATE'], level: 'ROW'," +
      " language: 'plpgsql', replace: true }, 'begin new.since := now(); return new; end');" +
      "pgm.renameTrigger('customers', 'stamp', 'stamped'); pgm.alterTable('customers', { levelSecurity: 'ENABLE' });",
    "pgm.alterTable('customers', { levelSecurity: 'DISABLE' });" +
      "pgm.dropTrigger('customers', 'stamped'); pgm.dropFunction('stamp', []);",
  ),
  "0019_sequences.mjs": mjs(
    "pgm.createSequence('numbers', { start: 10, increment: 5, maxvalue: 1000, cycle: true });" +
      "pgm.alterSequence('numbers', { owner: 'customers.age', cache: 3 }); pgm.renameSequence('numbers', 'counted');",
    "pgm.dropSequence('counted');",
  ),
  "0020_operators.mjs": mjs(
    "pgm.createFunction('same_size', ['text', 'text'], { returns: 'boolean', language: 'sql' }," +
      " 'select length($1) = length($2)');" +
      "pgm.createOperator('=#', { procedure: 'same_size', left: 'text', right: 'text' });" +
      "pgm.createOperatorFamily('sizes', 'hash'); pgm.renameOperatorFamily('sizes', 'hash', 'lengths');" +
      "pgm.createOperatorClass('by_size', 'text', 'hash', [{ type: 'function', number: 1," +
      " name: 'hashtext', params: ['text'] }]," +
      " { family: 'lengths' }); pgm.renameOperatorClass('by_size', 'hash', 'by_length');",
    "pgm.dropOperatorClass('by_length', 'hash'); pgm.dropOperatorFamily('lengths', 'hash');" +
      "pgm.dropOperator('=#', { left: 'text', right: 'text' }); pgm.dropFunction('same_size', ['text', 'text']);",
  ),
  "0021_family.mjs": mjs(
    "pgm.createOperatorFamily('whole', 'btree'); pgm.addToOperatorFamily('whole', 'btree'," +
      " [{ type: 'function', number: 1, name: 'btint48cmp', params: ['int', 'bigint'] }]);",
    "pgm.dropOperatorFamily('whole', 'btree');",
  ),
  "0022_casts.mjs": mjs(
    "pgm.createFunction('mood_number', ['mood'], { returns: 'int', language: 'sql' }, 'select 1');" +
      "pgm.createCast('mood', 'int', { functionName: 'mood_number', argumentTypes: ['mood'], as: 'ASSIGNMENT' });",
    "pgm.dropCast('mood', 'int'); pgm.dropFunction('mood_number', ['mood']);",
  ),
  "0023_policies.mjs": mjs(
    "pgm.createPolicy('customers', 'own', { command: 'UPDATE', role: 'PUBLIC', using: 'age > 1', check: 'age > 2' });" +
      "pgm.alterPolicy('customers', 'own', { using: 'age > 3' }); pgm.renamePolicy('customers', 'own', 'only_own');",
    "pgm.dropPolicy('customers', 'only_own');",
  ),
  "0024_views.mjs": mjs(
    "pgm.createView('adults', { checkOption: 'CASCADED', options: { security_barrier: true } }," +
      " 'select id, name from customers where age > 18'); pgm.alterViewColumn('adults', 'name', { default: 'anna' });" +
      "pgm.alterView('adults', { checkOption: 'LOCAL' }); pgm.renameView('adults', 'grown_ups');",
    "pgm.dropView('grown_ups');",
  ),
  "0025_matviews.mjs": mjs(
    "pgm.createMaterializedView('sums', { data: true }," +
      " 'select customer, sum(total) as s from shop.orders group by 1');" +
      "pgm.createIndex('sums', 'customer', { unique: true });" +
      "pgm.renameMaterializedViewColumn('sums', 's', 'total'); pgm.renameMaterializedView('sums', 'totals');" +
      "pgm.alterMaterializedView('totals', { storageParameters: { autovacuum_enabled: false } });" +
      "pgm.refreshMaterializedView('totals', { concurrently: true });",
    "pgm.dropMaterializedView('totals');",
  ),
  "0026_roles.mjs": mjs(
    "pgm.createRole('changeover_clerk', { login: true, connectionLimit: 2 });" +
      "pgm.alterRole('changeover_clerk', { login: false });" +
      "pgm.renameRole('changeover_clerk', 'changeover_clerks'); pgm.createRole('changeover_chief');",
    "pgm.dropRole('changeover_chief'); pgm.dropRole('changeover_clerks');",
  ),
  "0027_grants.mjs": mjs(
    "pgm.grantOnSchemas({ privileges: 'USAGE', schemas: ['shop', 'store'], roles: 'changeover_clerks' });" +
      "pgm.grantOnTables({ privileges: ['SELECT', 'UPDATE'], tables: ['customers'], roles: ['changeover_clerks']," +
      " withGrantOption: true }); pgm.grantRoles('changeover_clerks', 'changeover_chief');",
    "pgm.revokeRoles('changeover_clerks', 'changeover_chief');" +
      "pgm.revokeOnTables({ privileges: 'ALL', tables: ['customers'], roles: 'changeover_clerks' });" +
      "pgm.revokeOnSchemas({ privileges: 'ALL', schemas: ['shop', 'store'], roles: 'changeover_clerks' });",
  ),
  "0028_template.mjs": mjs(
    "pgm.sql('insert into {table} (name, age) values ({name}, 20)'," +
      " { table: 'customers', name: pgm.func(`'Ä \"b\" $1'`) });",
    "pgm.sql(`delete from customers`);",
  ),
  "0029_asks.mjs":
    "export const up = async (pgm) => {\n" +
    "  const { rows } = await pgm.db.query('select count(*)::int as n from customers');\n" +
    "  pgm.createTable(`counted_${rows[0].n}`, { x: 'int' });\n};\n" +
    "export const down = (pgm) => pgm.dropTable('counted_1');\n",
  "0030_callback.cjs":
    "exports.up = (pgm, run) => { setTimeout(() => { pgm.createTable('late', { x: 'int' }); run(); }, 5); };\n",
  "0031_dropped table ü.sql": sql("drop table late;", "create table late (x integer);").replaceAll("\n", "\r\n"),
};

function sql(up: string, down: string): string {
  return `-- Up Migration\n${up}\n-- Down Migration\n${down}\n`;
}

function mjs(up: string, down?: string): string {
  const half = (name: string, body: string) => `export const ${name} = (pgm) => { ${body} };\n`;
  return half("up", up) + (down === undefined ? "" : half("down", down));
}
