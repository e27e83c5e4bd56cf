import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { MigrationOptions } from "../../src/api/options.ts";
import { openMigration } from "../../src/migration.ts";
import { loadMigrations } from "../../src/schema/migrate/load-migrations.ts";
import { readMigrationFiles } from "../../src/schema/migrate/read-migration-files.ts";
import { renderMigration } from "../../src/schema/migrate/render-migration.ts";
import { catalogueIn, compareSchemas } from "../../src/schema/prove/schema-catalogue.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { Random } from "../fuzz/random.ts";
import { randomSchema } from "../fuzz/random-schema.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

type Choices = Pick<MigrationOptions, "types" | "names">;

let session: TargetSession;
beforeAll(async () => {
  ({ session } = await emptyTarget());
});

const NOTHING = { missing: [], extra: [], reordered: [] };

/**
 * Takes the files that would be written up, down and up again, in one transaction that is rolled back: one database
 * serves all.
 */
async function upDownUp(source: string, choices: Choices): Promise<void> {
  const migrationsDirectory = join(temporaryDirectory(), "migrations");
  const migration = openMigration({ source, target: "postgres://nowhere", migrationsDirectory, ...choices });
  await migration.schema({ write: true }).finally(() => migration.close());
  const loaded = await loadMigrations(readMigrationFiles(migrationsDirectory));
  const taken = new Error("rolled back");
  const proved = session.transaction(async (tx) => {
    const run = async (direction: "up" | "down") => {
      for (const one of direction === "up" ? loaded : [...loaded].reverse())
        for (const { sql } of (await renderMigration(one, direction))?.steps ?? []) await tx.run(sql);
    };
    const before = await catalogueIn(tx);
    await run("up");
    const up = await catalogueIn(tx);
    await run("down");
    expect(compareSchemas(before, await catalogueIn(tx))).toEqual(NOTHING);
    await run("up");
    expect(compareSchemas(up, await catalogueIn(tx))).toEqual(NOTHING);
    expect(up.length).toBeGreaterThan(before.length);
    throw taken;
  });
  await proved.catch((error: unknown) => {
    if (error !== taken) throw error;
  });
}

const CHOICES: readonly Choices[] = [{ types: "plain" }, { types: "enhanced", names: "snake_case" }];

const FOLDER =
  process.env["CHANGEOVER_FIXTURES"] ?? fileURLToPath(new URL("../../../shared/fixtures", import.meta.url));
const FIXTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith(".db")) : [];

// One way each: `npm run fixtures:prove` takes all of them both ways, through the whole of `changeover prove`.
describe(
  "the migrations of databases of other " +
    `projects${FIXTURES.length > 0 ? "" : " (skipped: there is no folder of them; set CHANGEOVER_FIXTURES)"}`,
  () => {
    it.skipIf(FIXTURES.length > 0)("need a folder of such databases", ({ skip }) =>
      skip("there is none; set CHANGEOVER_FIXTURES"),
    );

    for (const file of FIXTURES) {
      it(`apply, undo and apply again for ${file}`, { timeout: 120_000 }, async () => {
        const source = join(temporaryDirectory(), file);
        for (const suffix of ["", "-wal"]) {
          if (!existsSync(join(FOLDER, file + suffix))) continue;
          copyFileSync(join(FOLDER, file + suffix), source + suffix);
          chmodSync(source + suffix, 0o644);
        }
        await upDownUp(source, CHOICES[FIXTURES.indexOf(file) % CHOICES.length] ?? {});
      });
    }
  },
);

it("the migrations of a rich schema apply, undo and apply again", async () => {
  const { path } = await sqliteFile(
    `PRAGMA foreign_keys = OFF;\n${readFileSync(new URL("../golden/rich.sql", import.meta.url), "utf8")}`,
  );
  for (const choices of CHOICES) await upDownUp(path, choices);
});

describe("the migrations of random schemas", () => {
  for (const seed of Array.from({ length: 20 }, (_, index) => index + 1)) {
    it(`apply, undo and apply again (seed ${seed})`, async () => {
      const { path } = await sqliteFile(randomSchema(new Random(seed), { fitting: false }).ddl.join(";\n"));
      await upDownUp(path, CHOICES[seed % 2] ?? {});
    });
  }
});
