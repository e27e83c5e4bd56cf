import { chmodSync, copyFileSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { migrationFiles } from "../../src/migrate/files.ts";
import { type MigrationOptions, openMigration } from "../../src/migration.ts";
import { Random } from "../fuzz/random.ts";
import { randomSchema } from "../fuzz/random-schema.ts";
import { catalogueOf } from "../support/catalogue.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

type Choices = Pick<MigrationOptions, "types" | "names">;

/** Writes the files, applies them, undoes them, applies them again: what the schema then is, and what it was between. */
async function upDownUp(source: string, choices: Choices): Promise<{ readonly before: string[]; readonly up: string[]; readonly down: string[]; readonly again: string[] }> {
  const target = await emptyDatabase();
  const migrationsDirectory = join(temporaryDirectory(), "migrations");
  const migration = openMigration({ source, target, migrationsDirectory, ...choices });
  try {
    await migration.schema({ write: true });
    const count = migrationFiles(migrationsDirectory).length;
    const before = await catalogueOf(target);
    await migration.up();
    const up = await catalogueOf(target);
    await migration.down({ count });
    const down = await catalogueOf(target);
    await migration.up();
    return { before, up, down, again: await catalogueOf(target) };
  } finally {
    await migration.close();
  }
}

const CHOICES: readonly Choices[] = [{ types: "plain" }, { types: "enhanced", names: "snake_case" }];

const FOLDER = process.env["CHANGEOVER_FIXTURES"] ?? fileURLToPath(new URL("../../../shared/fixtures", import.meta.url));
const FIXTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith(".db")) : [];

describe(`the migrations of databases of other projects${FIXTURES.length > 0 ? "" : " (skipped: there is no folder of them; set CHANGEOVER_FIXTURES)"}`, () => {
  it.skipIf(FIXTURES.length > 0)("need a folder of such databases", ({ skip }) => skip("there is none; set CHANGEOVER_FIXTURES"));

  for (const file of FIXTURES) {
    it(`apply, undo and apply again for ${file}`, { timeout: 120_000 }, async () => {
      const source = join(temporaryDirectory(), file);
      for (const suffix of ["", "-wal"]) {
        if (!existsSync(join(FOLDER, file + suffix))) continue;
        copyFileSync(join(FOLDER, file + suffix), source + suffix);
        chmodSync(source + suffix, 0o644);
      }
      for (const choices of CHOICES) {
        const { before, up, down, again } = await upDownUp(source, choices);
        expect(down).toEqual(before);
        expect(again).toEqual(up);
        expect(up.length).toBeGreaterThan(before.length);
      }
    });
  }
});

it("the migrations of a rich schema apply, undo and apply again", async () => {
  const { path } = await sqliteFile(`PRAGMA foreign_keys = OFF;\n${readFileSync(new URL("../golden/rich.sql", import.meta.url), "utf8")}`);
  for (const choices of CHOICES) {
    const { before, up, down, again } = await upDownUp(path, choices);
    expect(down).toEqual(before);
    expect(again).toEqual(up);
  }
});

describe("the migrations of random schemas", () => {
  for (const seed of Array.from({ length: 20 }, (_, index) => index + 1)) {
    it(`apply, undo and apply again (seed ${seed})`, async () => {
      const { path } = await sqliteFile(randomSchema(new Random(seed), { fitting: false }).ddl.join(";\n"));
      const { before, up, down, again } = await upDownUp(path, CHOICES[seed % 2] ?? {});
      expect(down).toEqual(before);
      expect(again).toEqual(up);
      expect(up.length).toBeGreaterThan(before.length);
    });
  }
});
