import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderPlan } from "../../src/cli/render-plan.ts";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile } from "../support/source.ts";

const golden = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

/** What becomes of one schema that has something of everything. `vitest -u` writes the files again: read them. */
describe("the migration files of a rich schema", () => {
  it.each([
    ["plain", "keep"],
    ["enhanced", "snake_case"],
  ] as const)("with types %s and names %s", async (types, names) => {
    const { path } = await sqliteFile(`PRAGMA foreign_keys = OFF;\n${readFileSync(golden("rich.sql"), "utf8")}`);
    const migration = openMigration({ source: path, target: "postgres://nowhere", types, names });
    const { files, proposal } = await migration.schema({ target: false });
    await migration.close();
    await expect(files.map(({ name, text }) => `-- ${name}\n${text}`).join("\n")).toMatchFileSnapshot(
      golden(`rich-${types}.sql`),
    );
    await expect(renderPlan(proposal)).toMatchFileSnapshot(golden(`rich-${types}-plan.txt`));
    await expect(
      proposal.findings
        .map(
          ({ severity, code, table, column }) =>
            `${severity} ${code} ${table}${column === undefined ? "" : `.${column}`}\n`,
        )
        .sort()
        .join(""),
    ).toMatchFileSnapshot(golden(`rich-${types}-findings.txt`));
  });
});
