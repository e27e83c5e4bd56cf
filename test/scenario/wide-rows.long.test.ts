import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const MB = 1 << 20;

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A text of so many bytes with all that COPY escapes, in which characters of two bytes lie across every border. */
function awkwardText(bytes: number): string {
  const unit = "tab\t line\n return\r back\\slash é ü ".repeat(50);
  return `x${unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)))}`;
}

async function library(journalMode: "wal" | "delete" = "wal") {
  const { path, application } = await sqliteFile(
    "CREATE TABLE files(name TEXT PRIMARY KEY NOT NULL, body BLOB, words TEXT, size INTEGER)",
    { journalMode },
  );
  const target = await emptyDatabase();
  const migration = openMigration({ source: path, target, migrationsDirectory: `${temporaryDirectory()}/pg` });
  await migration.schema({ write: true });
  await migration.migrations.up();
  const digests = () =>
    query<{ name: string; body: string | null; words: string | null; size: string }>(
      target,
      "select name, encode(sha256(body), 'hex') as body, encode(sha256(convert_to(words, 'UTF8')), " +
        "'hex') as words, size::text as size from files order by name",
    );
  return { application, migration, digests, target };
}

describe("rows too large to be read at once", () => {
  it("go over in pieces, byte for byte, are followed and compared", async () => {
    const { application, migration, digests, target } = await library();
    const body = randomBytes(9 * MB + 17);
    const words = awkwardText(8 * MB);
    await application.execute({
      sql: "INSERT INTO files VALUES('both', ?, ?, 1), ('small', x'00ff', 'a', 2), ('none', NULL, NULL, 3)",
      args: [body, words],
    });
    await application.execute({ sql: "INSERT INTO files VALUES('words', NULL, ?, 4)", args: [words] });
    await migration.sync({ until: "caught-up" });
    const standing = [
      { name: "both", body: digest(body), words: digest(Buffer.from(words)), size: "1" },
      { name: "none", body: null, words: null, size: "3" },
      { name: "small", body: digest(Buffer.from([0, 255])), words: digest(Buffer.from("a")), size: "2" },
      { name: "words", body: null, words: digest(Buffer.from(words)), size: "4" },
    ];
    expect(await digests()).toEqual(standing);

    const again = randomBytes(8 * MB + 1);
    await application.execute({ sql: "UPDATE files SET body = ? WHERE name = 'both'", args: [again] });
    await application.execute("UPDATE files SET words = words || '!' WHERE name = 'words'");
    await application.execute("DELETE FROM files WHERE name = 'small'");
    await migration.sync({ until: "caught-up" });
    expect(await digests()).toEqual([
      { ...standing[0], body: digest(again) },
      standing[1],
      { ...standing[3], words: digest(Buffer.from(`${words}!`)) },
    ]);
    expect(await migration.check()).toMatchObject({ ok: true, rows: 3, differences: 0 });

    await query(
      target,
      "update files set body = set_byte(body, 8000000, (get_byte(body, 8000000) + 1) % 256) where name = " +
        "'both'; update files set words = words || ' ' where name = 'words'",
    );
    const check = await migration.check();
    expect(check).toMatchObject({ ok: false, differences: 2 });
    expect(check.tables[0]?.examples).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: '"both"', columns: ["body"] }),
        expect.objectContaining({ key: '"words"', columns: ["words"] }),
      ]),
    );
    await migration.close();
  });
});
