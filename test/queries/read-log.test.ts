import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readValues } from "../../src/queries/logs/literals.ts";
import { parseStatementFile, readStatementFile } from "../../src/queries/read-statement-file.ts";

/** The logs were written by the libraries themselves, but for Django's, which has lines of several set-ups. */
function read(library: string) {
  return readStatementFile(fileURLToPath(new URL(`logs/${library}.log`, import.meta.url)));
}

const bytes = (...values: number[]) => new Uint8Array(values).buffer;

describe("the logs of libraries", () => {
  it("are read: Django's, whose values stand in the statement", () => {
    const statements = read("django");
    expect(statements).toHaveLength(6);
    expect(statements[1]).toEqual({
      sql: `SELECT "auth_user"."id", "auth_user"."name" FROM "auth_user" WHERE "auth_user"."name" = 'O''Hara'`,
      parameters: [],
    });
    expect(statements[2]?.sql).toContain("RETURNING");
    expect(statements[3]?.sql).toMatch(/^SELECT name, type[\s\S]*ORDER BY name$/);
    expect(statements[4]).toEqual({ sql: 'INSERT INTO "auth_user" ("name") VALUES (?)', parameters: ["a"] });
    expect(statements[5]).toEqual({ sql: "SELECT 'a%' LIKE ?", parameters: [bytes(0, 255)] });
  });

  it("are read: SQLAlchemy's, whose values are in the next record", () => {
    const statements = read("sqlalchemy");
    const inserts = statements.filter(({ sql }) => sql.startsWith("INSERT INTO users (name, data"));
    // Python says only where the bytes lay: such values are not known.
    expect(inserts.map(({ parameters }) => parameters)).toEqual([undefined, ["b", null, null, null, null]]);
    expect(statements.find(({ sql }) => sql.includes("LIKE"))).toMatchObject({ parameters: ["b%", 3n, 0n] });
    expect(statements.find(({ sql }) => sql.startsWith("INSERT INTO users (name) "))).toMatchObject({
      parameters: ["p"],
    });
    expect(statements.at(-2)?.sql).toMatch(/^select id,\s+name\s+from users where id in \(1, 2\)$/);
  });

  it("are read: Rails', in colours, with a name for each value", () => {
    const statements = read("rails");
    expect(statements.find(({ sql }) => sql.includes('"active" = ?'))).toEqual({
      sql:
        'SELECT "users".* FROM "users" WHERE "users"."name" = ? AND "users"."active" = ? ' +
        'ORDER BY "users"."name" ASC LIMIT ?',
      parameters: ["b", 1n, 2n],
    });
    expect(statements.find(({ sql }) => sql.startsWith('INSERT INTO "users"'))?.parameters).toBeUndefined();
    expect(statements.find(({ sql }) => sql.startsWith("UPDATE"))).toMatchObject({ parameters: [null, 1n, 2n] });
    const arrow =
      '  User Load (0.1ms)  SELECT 1 AS one FROM users LIMIT ?  [["LIMIT", 1]]\n  ↳ app/models/user.rb:3:in `x\'\n';
    expect(parseStatementFile(arrow, "log")).toEqual([{ sql: "SELECT 1 AS one FROM users LIMIT ?", parameters: [1n] }]);
  });

  it("are read: Prisma's, which never says what is bound", () => {
    const statements = read("prisma");
    expect(statements).toHaveLength(5);
    expect(statements[1]).not.toHaveProperty("parameters");
    expect(statements[3]).toEqual({ sql: "SELECT COUNT(*) FROM `main`.`User`", parameters: [] });
  });

  it("are read: those of TypeORM, Drizzle, Knex and Sequelize", () => {
    expect(read("typeorm").at(-1)).toMatchObject({ parameters: [1n, 2n] });
    expect(read("typeorm").find(({ sql }) => sql.startsWith('INSERT INTO "user"'))).toMatchObject({
      parameters: ['O\'Hara "x"', "1970-01-01 00:00:00.000"],
    });
    expect(read("drizzle").map(({ parameters }) => parameters)).toEqual([
      ['O\'Hara\n"x"', 0n, bytes(0, 255)],
      ["b", 2n],
      [],
      [],
    ]);
    expect(read("knex").slice(1, 3)).toMatchObject([
      { parameters: ["O'Hara\nx", 1n, null, null] },
      {
        sql: "select * from `users` where `name` = ? and `ok` = ? order by `name` asc limit ?",
        parameters: ["b", 1n, 2n],
      },
    ]);
    expect(read("sequelize").find(({ sql }) => sql.startsWith("UPDATE"))).toEqual({
      sql: "UPDATE `Users` SET `name`=$1,`updatedAt`=$2 WHERE `id` = $3",
      parameters: [null, "2026-12-01 12:56:39.872 +00:00", 1n],
    });
  });

  it("have lists that say their values, or none", () => {
    expect(readValues(`(1, -2.5, 'a\\'b', "c", None, True, b'\\x00a', 1e3)`)).toEqual([
      ...[1n, -2.5, "a'b", "c", null, 1n, bytes(0, 97), 1000],
    ]);
    expect(readValues("[ 12n, undefined, `x` ]")).toEqual([12n, null, "x"]);
    for (const text of ["(1, <memory at 0x7f>)", "[datetime.date(2024, 1, 1)]", "[[1]]", "(1,", "1", "[1 2]"])
      expect(readValues(text), text).toBeNull();
    expect(readValues("['aaa ... (300 characters truncated) ... bbb']")).toBeNull();
  });
});
