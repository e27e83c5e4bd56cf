import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** Layers from the bottom up. A file may import from lower layers, and from its own folder. */
const LAYERS: readonly (readonly string[])[] = [
  ["errors.ts", "quote.ts", "sql.ts", "log.ts", "version.ts", "sqlite-sql"],
  ["model"],
  ["config-schema.ts", "config-target.ts", "env-file.ts"],
  ["config.ts"],
  ["value"],
  ["db"],
  ["btree", "encode"],
  ["migrate", "history"],
  [
    "inspect",
    "contract",
    "plan",
    "capture",
    "copy",
    "replay",
    "verify",
    "cutover",
    "return",
    "prove",
    "status",
    "backup",
  ],
  ["journey"],
  ["migration.ts"],
  ["index.ts", "cli"],
];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

function roomOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] ?? file) : file;
}

function layerOf(file: string): number {
  const layer = LAYERS.findIndex((rooms) => rooms.includes(roomOf(file)));
  if (layer < 0) throw new Error(`${file} is in no layer`);
  return layer;
}

function importsOf(file: string): { readonly text: string; readonly typeOnly: boolean }[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [
    ...text.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)"/gms),
    ...text.matchAll(/import\((?:"|`)()([^"`$]+)/g),
  ].map((match) => ({ text: match[2] ?? "", typeOnly: match[1] !== undefined && match[1] !== "" }));
}

describe("the structure of the source", () => {
  it("has imports that point down only, and phases that do not import each other", () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const { text, typeOnly } of importsOf(file)) {
        if (!text.startsWith(".")) continue;
        const imported = relative(SRC, resolve(dirname(join(SRC, file)), text));
        if (roomOf(imported) === roomOf(file)) continue;
        if (roomOf(imported) === "index.ts" || layerOf(imported) >= layerOf(file))
          wrong.push(`${file} imports ${imported}${typeOnly ? " (types)" : ""}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("keeps each library behind one door", () => {
    const doors: Readonly<Record<string, RegExp>> = {
      postgres: /^db\/(target|embedded)/,
      "@libsql/client": /^db\/source/,
      "node-pg-migrate": /^migrate\//,
      "libpg-query": /^prove\/lint\//,
      pg: /^migrate\/connection/,
      "pg-copy-streams": /^backup\/copy-out/,
      diff: /^migrate\/render-change/,
      zod: /^config-schema\.ts$/,
      commander: /^cli\//,
      jiti: /^config\.ts$/,
    };
    const isClosed = (text: string, file: string) =>
      Object.entries(doors).some(
        ([library, door]) => (text === library || text.startsWith(`${library}/`)) && !door.test(file),
      );
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap(({ text }) => (isClosed(text, file) ? [`${file} imports ${text}`] : [])),
    );
    expect(wrong).toEqual([]);
  });

  it("lets the parser of SQLite's SQL be reached by its functions and types only", () => {
    const doors = ["sqlite-sql/ast.ts", "sqlite-sql/parse.ts", "sqlite-sql/syntax-error.ts"];
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap(({ text }) => {
        const imported = text.startsWith(".") ? relative(SRC, resolve(dirname(join(SRC, file)), text)) : "";
        const isOutside = roomOf(imported) === "sqlite-sql" && roomOf(file) !== "sqlite-sql";
        return isOutside && !doors.includes(imported) ? [`${file} imports ${text}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("prints and exits nowhere but in cli/", () => {
    // A process of its own ends when its parent does.
    const wrong = files.filter(
      (file) =>
        roomOf(file) !== "cli" &&
        file !== "journey/job-process.ts" &&
        /\bconsole\.|process\.(exit|stdout|stderr)/.test(readFileSync(join(SRC, file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("has no traces of a merge, nor has what is written about it", () => {
    const root = join(SRC, "..");
    const pages = [
      "README.md",
      "CHANGELOG.md",
      ...readdirSync(join(root, "docs")).map((page) => `docs/${page}`),
    ].filter((page) => page.endsWith(".md"));
    const wrong = [...files.map((file) => `src/${file}`), ...pages].filter((file) =>
      /^(<{7}|>{7}) /m.test(readFileSync(join(root, file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("has files that can be read in one go", () => {
    // Each lists one public surface: the methods of a migration, the commands, what a check answers, one state machine.
    const longer = ["migration.ts", "cli/commands.ts", "journey/check.ts", "verify/table-verifier.ts"];
    const made = ["sqlite-sql/tables.ts"];
    const long = files.filter((file) => readFileSync(join(SRC, file), "utf8").split("\n").length > 400);
    expect(long.filter((file) => !longer.includes(file) && !made.includes(file))).toEqual([]);
  });
});
