import { describe, expect, it } from "vitest";
import { readMigrationFiles } from "../../../src/schema/migrate/read-migration-files.ts";
import { project, sqlMigration } from "../../support/migrations.ts";

describe("files of another tool in the migrations directory", () => {
  const theirs: readonly (readonly [tool: string, file: string, text: string])[] = [
    ["golang-migrate", "000001_users.down.sql", "drop table users;"],
    ["Goose", "00001_users.sql", "-- +goose Up\ncreate table users (id int);\n-- +goose Down\ndrop table users;"],
    [
      "dbmate",
      "20240101000000_users.sql",
      "-- migrate:up\ncreate table users (id int);\n-- migrate:down\ndrop table users;",
    ],
    [
      "Drizzle",
      "0000_users.sql",
      'CREATE TABLE "users" ("id" integer);\n--> statement-breakpoint\nCREATE TABLE "posts" ("id" integer);',
    ],
    [
      "Knex",
      "20240101_users.js",
      "exports.up = function(knex) { return knex.schema.createTable('users', (t) => t.increments()); };",
    ],
    [
      "Sequelize",
      "20240101-users.js",
      "module.exports = { async up(queryInterface, Sequelize) { await queryInterface.createTable('users', {}); } };",
    ],
    [
      "TypeORM",
      "1700000000000-Users.ts",
      "export class Users1700000000000 implements MigrationInterface { async up(q: QueryRunner) {} }",
    ],
  ];
  for (const [tool, file, text] of theirs) {
    it(`are refused: ${tool}`, () => {
      const { directory } = project({ [file]: text });
      expect(() => readMigrationFiles(directory)).toThrowError(
        expect.objectContaining({
          code: "MIGRATIONS_OF_OTHERS",
          message: expect.stringContaining(tool) as string,
        }) as Error,
      );
    });
  }

  it("are recognised by their format, not by a tool's words in other files", () => {
    const { directory } = project({
      "0001_goose.sql": sqlMigration(
        "create table goose (up text, migrate text) -- about +goose Up",
        "drop table goose",
      ),
      "0002_knex.ts":
        "// knex was here\nexport const up = (pgm: { sql(text: string): void }): void => pgm.sql('select 1');",
    });
    expect(readMigrationFiles(directory).map(({ name }) => name)).toEqual(["0001_goose", "0002_knex"]);
  });
});
