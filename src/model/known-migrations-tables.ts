/** A tool that owns a schema, known by its migrations table. */
export interface MigrationTool {
  readonly name: string;
  /** What makes the schema in PostgreSQL. */
  readonly command: string;
  /** It makes no schema in PostgreSQL. */
  readonly isForSqliteAlone?: true;
}

/** A table and the columns by which it is known: a name alone may be the application's own. */
export interface KnownMigrationsTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly tool: MigrationTool;
  /** The column that names the migration; none where the table has no such column. */
  readonly version?: string;
  /** By which the rows are in the order of time. Default: the version itself. */
  readonly order?: string;
}

const PRISMA: MigrationTool = { name: "Prisma", command: "npx prisma migrate deploy" };
const DRIZZLE: MigrationTool = { name: "Drizzle", command: "npx drizzle-kit migrate" };
const DJANGO: MigrationTool = { name: "Django", command: "python manage.py migrate" };
export const RAILS: MigrationTool = { name: "Rails", command: "bin/rails db:migrate" };
const ALEMBIC: MigrationTool = { name: "Alembic", command: "alembic upgrade head" };
export const DBMATE: MigrationTool = { name: "dbmate", command: "dbmate up" };
const SEQUEL: MigrationTool = { name: "Sequel", command: "sequel -m db/migrate" };
const GORMIGRATE: MigrationTool = { name: "gormigrate", command: "the application, when it starts" };
const KNEX: MigrationTool = { name: "Knex", command: "npx knex migrate:latest" };
const TYPEORM: MigrationTool = { name: "TypeORM", command: "npx typeorm migration:run" };
const SEQUELIZE: MigrationTool = { name: "Sequelize", command: "npx sequelize-cli db:migrate" };
const FLYWAY: MigrationTool = { name: "Flyway", command: "flyway migrate" };
const LIQUIBASE: MigrationTool = { name: "Liquibase", command: "liquibase update" };
const GOLANG_MIGRATE: MigrationTool = { name: "golang-migrate", command: "migrate up" };
const GOOSE: MigrationTool = { name: "Goose", command: "goose up" };
const EF_CORE: MigrationTool = { name: "EF Core", command: "dotnet ef database update" };
const DIESEL: MigrationTool = { name: "Diesel", command: "diesel migration run" };
const SQLX: MigrationTool = { name: "sqlx", command: "sqlx migrate run" };
const LARAVEL: MigrationTool = { name: "Laravel", command: "php artisan migrate" };
const ECTO: MigrationTool = { name: "Ecto", command: "mix ecto.migrate" };
const KYSELY: MigrationTool = { name: "Kysely", command: "npx kysely migrate latest" };
const MIKRO_ORM: MigrationTool = { name: "MikroORM", command: "npx mikro-orm migration:up" };

const WRANGLER: MigrationTool = {
  name: "Wrangler",
  command: "npx wrangler d1 migrations apply",
  isForSqliteAlone: true,
};
const POCKETBASE: MigrationTool = { name: "PocketBase", command: "pocketbase migrate up", isForSqliteAlone: true };
const ATLAS: MigrationTool = { name: "Atlas", command: "atlas migrate apply" };
const DOCTRINE: MigrationTool = { name: "Doctrine", command: "bin/console doctrine:migrations:migrate" };
const PHINX: MigrationTool = { name: "Phinx", command: "vendor/bin/phinx migrate" };
const ROOM: MigrationTool = {
  name: "Room",
  command: "the application, when it opens the database",
  isForSqliteAlone: true,
};
const PAYLOAD: MigrationTool = { name: "Payload", command: "npx payload migrate" };
const STRAPI: MigrationTool = { name: "Strapi", command: "npx strapi start" };
const REFINERY: MigrationTool = { name: "Refinery", command: "refinery migrate" };
const SEA_ORM: MigrationTool = { name: "SeaORM", command: "sea-orm-cli migrate up" };
const GRDB: MigrationTool = {
  name: "GRDB",
  command: "the application, when it opens the database",
  isForSqliteAlone: true,
};
const ADONIS: MigrationTool = { name: "AdonisJS", command: "node ace migration:run" };
const BUN: MigrationTool = { name: "Bun", command: "the application's migrate command" };
const DIRECTUS: MigrationTool = { name: "Directus", command: "npx directus database migrate:latest" };
const AERICH: MigrationTool = { name: "Aerich", command: "aerich upgrade" };
const PEEWEE: MigrationTool = { name: "peewee-migrate", command: "pw_migrate migrate" };
const YOYO: MigrationTool = { name: "yoyo", command: "yoyo apply" };
const YII: MigrationTool = { name: "Yii", command: "yii migrate" };
const FLUENT_MIGRATOR: MigrationTool = { name: "FluentMigrator", command: "dotnet fm migrate" };
const DBUP: MigrationTool = { name: "DbUp", command: "the application's upgrade command" };
const SQLITE_MIGRATE: MigrationTool = {
  name: "sqlite-migrate",
  command: "sqlite-utils migrate",
  isForSqliteAlone: true,
};

export const MIGRATIONS_TABLES: readonly KnownMigrationsTable[] = [
  { table: "d1_migrations", columns: ["id", "name", "applied_at"], tool: WRANGLER, version: "name", order: "id" },
  { table: "_migrations", columns: ["file", "applied"], tool: POCKETBASE, version: "file", order: "applied" },
  {
    table: "atlas_schema_revisions",
    columns: ["version", "description", "applied", "total", "executed_at", "hash"],
    tool: ATLAS,
    version: "version",
  },
  {
    table: "doctrine_migration_versions",
    columns: ["version", "executed_at", "execution_time"],
    tool: DOCTRINE,
    version: "version",
  },
  { table: "migration_versions", columns: ["version", "executed_at"], tool: DOCTRINE, version: "version" },
  {
    table: "phinxlog",
    columns: ["version", "migration_name", "start_time", "end_time", "breakpoint"],
    tool: PHINX,
    version: "version",
  },
  { table: "room_master_table", columns: ["id", "identity_hash"], tool: ROOM, version: "identity_hash", order: "id" },
  {
    table: "payload_migrations",
    columns: ["id", "name", "batch", "updated_at", "created_at"],
    tool: PAYLOAD,
    version: "name",
    order: "id",
  },
  { table: "strapi_migrations", columns: ["id", "name", "time"], tool: STRAPI, version: "name", order: "id" },
  { table: "strapi_migrations_internal", columns: ["id", "name", "time"], tool: STRAPI, version: "name", order: "id" },
  { table: "strapi_database_schema", columns: ["id", "schema", "time", "hash"], tool: STRAPI },
  {
    table: "refinery_schema_history",
    columns: ["version", "name", "applied_on", "checksum"],
    tool: REFINERY,
    version: "name",
    order: "version",
  },
  { table: "seaql_migrations", columns: ["version", "applied_at"], tool: SEA_ORM, version: "version" },
  { table: "grdb_migrations", columns: ["identifier"], tool: GRDB, version: "identifier" },
  {
    table: "adonis_schema",
    columns: ["id", "name", "batch", "migration_time"],
    tool: ADONIS,
    version: "name",
    order: "id",
  },
  { table: "adonis_schema_versions", columns: ["version"], tool: ADONIS },
  {
    table: "bun_migrations",
    columns: ["id", "name", "group_id", "migrated_at"],
    tool: BUN,
    version: "name",
    order: "id",
  },
  { table: "bun_migration_locks", columns: ["id", "table_name"], tool: BUN },
  {
    table: "directus_migrations",
    columns: ["version", "name", "timestamp"],
    tool: DIRECTUS,
    version: "version",
  },
  { table: "aerich", columns: ["id", "version", "app", "content"], tool: AERICH, version: "version", order: "id" },
  { table: "migratehistory", columns: ["id", "name", "migrated_at"], tool: PEEWEE, version: "name", order: "id" },
  {
    table: "_yoyo_migration",
    columns: ["migration_hash", "migration_id", "applied_at_utc"],
    tool: YOYO,
    version: "migration_id",
  },
  { table: "migration", columns: ["version", "apply_time"], tool: YII, version: "version", order: "apply_time" },
  { table: "versioninfo", columns: ["version", "appliedon", "description"], tool: FLUENT_MIGRATOR, version: "version" },
  {
    table: "schemaversions",
    columns: ["schemaversionid", "scriptname", "applied"],
    tool: DBUP,
    version: "scriptname",
    order: "schemaversionid",
  },
  {
    table: "_sqlite_migrations",
    columns: ["migration_set", "name", "applied_at"],
    tool: SQLITE_MIGRATE,
    version: "name",
  },
  {
    table: "_prisma_migrations",
    columns: ["id", "checksum", "migration_name", "finished_at", "applied_steps_count"],
    tool: PRISMA,
    version: "migration_name",
  },
  {
    table: "__drizzle_migrations",
    columns: ["id", "hash", "created_at"],
    tool: DRIZZLE,
    version: "hash",
    order: "created_at",
  },
  { table: "django_migrations", columns: ["id", "app", "name", "applied"], tool: DJANGO, version: "name", order: "id" },
  { table: "schema_migrations", columns: ["version", "dirty"], tool: GOLANG_MIGRATE, version: "version" },
  { table: "schema_migrations", columns: ["version", "inserted_at"], tool: ECTO, version: "version" },
  { table: "schema_migrations", columns: ["filename"], tool: SEQUEL, version: "filename" },
  { table: "schema_migrations", columns: ["version"], tool: RAILS, version: "version" },
  { table: "ar_internal_metadata", columns: ["key", "value", "created_at", "updated_at"], tool: RAILS },
  { table: "alembic_version", columns: ["version_num"], tool: ALEMBIC, version: "version_num" },
  {
    table: "knex_migrations",
    columns: ["id", "name", "batch", "migration_time"],
    tool: KNEX,
    version: "name",
    order: "id",
  },
  { table: "knex_migrations_lock", columns: ["index", "is_locked"], tool: KNEX },
  { table: "migrations", columns: ["id", "timestamp", "name"], tool: TYPEORM, version: "name", order: "timestamp" },
  { table: "typeorm_metadata", columns: ["type", "database", "schema", "table", "name", "value"], tool: TYPEORM },
  { table: "migrations", columns: ["id", "migration", "batch"], tool: LARAVEL, version: "migration", order: "id" },
  { table: "migrations", columns: ["id"], tool: GORMIGRATE, version: "id" },
  { table: "sequelizemeta", columns: ["name"], tool: SEQUELIZE, version: "name" },
  {
    table: "flyway_schema_history",
    columns: ["installed_rank", "version", "script", "checksum", "success"],
    tool: FLYWAY,
    version: "version",
    order: "installed_rank",
  },
  {
    table: "databasechangelog",
    columns: ["id", "author", "filename", "dateexecuted", "orderexecuted"],
    tool: LIQUIBASE,
    version: "id",
    order: "orderexecuted",
  },
  { table: "databasechangeloglock", columns: ["id", "locked", "lockgranted", "lockedby"], tool: LIQUIBASE },
  {
    table: "goose_db_version",
    columns: ["id", "version_id", "is_applied", "tstamp"],
    tool: GOOSE,
    version: "version_id",
    order: "id",
  },
  { table: "__efmigrationshistory", columns: ["migrationid", "productversion"], tool: EF_CORE, version: "migrationid" },
  { table: "__efmigrationslock", columns: ["id", "timestamp"], tool: EF_CORE },
  { table: "__diesel_schema_migrations", columns: ["version", "run_on"], tool: DIESEL, version: "version" },
  {
    table: "_sqlx_migrations",
    columns: ["version", "description", "checksum", "execution_time"],
    tool: SQLX,
    version: "version",
  },
  { table: "kysely_migration", columns: ["name", "timestamp"], tool: KYSELY, version: "name" },
  { table: "kysely_migration_lock", columns: ["id", "is_locked"], tool: KYSELY },
  {
    table: "mikro_orm_migrations",
    columns: ["id", "name", "executed_at"],
    tool: MIKRO_ORM,
    version: "name",
    order: "id",
  },
];
