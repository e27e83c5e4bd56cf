import { describe, expect, it } from "vitest";
import { amongOthers, migrationTool } from "../../src/model/migration-tool.ts";

describe("a tool that owns a schema", () => {
  const known: readonly (readonly [tool: string, table: string, columns: string])[] = [
    [
      "Prisma",
      "_prisma_migrations",
      "id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count",
    ],
    ["Drizzle", "__drizzle_migrations", "id hash created_at"],
    ["Django", "django_migrations", "id app name applied"],
    ["Rails", "schema_migrations", "version"],
    ["Rails", "ar_internal_metadata", "key value created_at updated_at"],
    ["golang-migrate", "schema_migrations", "version dirty"],
    ["Ecto", "schema_migrations", "version inserted_at"],
    ["Alembic", "alembic_version", "version_num"],
    ["Knex", "knex_migrations", "id name batch migration_time"],
    ["TypeORM", "migrations", "id timestamp name"],
    ["Laravel", "migrations", "id migration batch"],
    ["Sequelize", "SequelizeMeta", "name"],
    [
      "Flyway",
      "flyway_schema_history",
      "installed_rank version description type script checksum installed_by installed_on execution_time success",
    ],
    ["Goose", "goose_db_version", "id version_id is_applied tstamp"],
    ["EF Core", "__EFMigrationsHistory", "MigrationId ProductVersion"],
    ["gormigrate", "migrations", "id"],
    ["Sequel", "schema_migrations", "filename"],
    ["Diesel", "__diesel_schema_migrations", "version run_on"],
  ];
  for (const [tool, table, columns] of known)
    it(`is ${tool} by ${table} (${columns})`, () => expect(migrationTool(table, columns.split(" "))?.name).toBe(tool));

  it("is dbmate by the table that it shares with Rails, where Rails' other one is not beside it", () => {
    const shared = migrationTool("schema_migrations", ["version"]);
    if (shared === null) throw new Error("unknown");
    expect(amongOthers(shared, ["schema_migrations", "users"]).name).toBe("dbmate");
    expect(amongOthers(shared, ["schema_migrations", "ar_internal_metadata"]).name).toBe("Rails");
  });

  it("is none by a name alone, nor where an application has more to say under a plain one", () => {
    expect(migrationTool("_prisma_migrations", ["id", "name"])).toBeNull();
    expect(migrationTool("migrations", ["id", "timestamp", "name", "animal", "weight"])).toBeNull();
    expect(migrationTool("schema_migrations", ["version", "comment"])).toBeNull();
    expect(migrationTool("orders", ["id", "app", "name", "applied"])).toBeNull();
  });
});
