import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** Layers from the bottom up. A room may import from lower layers and, where there is no cycle, from rooms of its own layer. */
const LAYERS: readonly (readonly string[])[] = [
  ["errors.ts", "quote.ts", "sql.ts", "log.ts", "events.ts", "version.ts", "with-reconnect.ts", "in-time.ts"],
  ["model"],
  ["sqlite-sql"],
  ["env-file.ts", "config-target.ts", "config-schema.ts"],
  ["config.ts"],
  ["source", "source/btree", "target", "target/store", "target/deferred", "embedded", "throttle"],
  ["rows", "rows/inverse", "rows/encode", "run/history"],
  // The phases in the order of the journey, and what looks at them or at the schema.
  ["inspect", "plan", "contract", "capture", "copy", "replay", "verify", "cutover", "failback", "status"],
  ["schema/migrate", "schema/prove", "schema/backup"],
  ["workers"],
  ["run"],
  ["commands"],
  ["api"],
  ["migration.ts"],
  ["index.ts", "cli"],
];

const ROOMS = LAYERS.flat();
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const textOf = (file: string) => readFileSync(join(SRC, file), "utf8");

/** The innermost room that a file is in. */
function roomOf(file: string): string {
  const room = ROOMS.filter((room) => file === room || file.startsWith(`${room}/`)).sort(
    (one, other) => other.length - one.length,
  )[0];
  if (room === undefined) throw new Error(`${file} is in no room`);
  return room;
}

const layerOf = (room: string) => LAYERS.findIndex((rooms) => rooms.includes(room));

function importsOf(file: string): { readonly text: string; readonly typeOnly: boolean }[] {
  return [
    ...textOf(file).matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)"/gms),
    ...textOf(file).matchAll(/import\((?:"|`)()([^"`$]+)/g),
  ].map((match) => ({ text: match[2] ?? "", typeOnly: match[1] !== undefined && match[1] !== "" }));
}

/** Each import of one room by another: [importing file, imported file]. */
const crossings = files.flatMap((file) =>
  importsOf(file).flatMap(({ text }): [string, string][] => {
    if (!text.startsWith(".")) return [];
    const imported = relative(SRC, resolve(dirname(join(SRC, file)), text));
    return roomOf(imported) === roomOf(file) ? [] : [[file, imported]];
  }),
);

describe("the structure of the source", () => {
  it("has imports that point down only", () => {
    const wrong = crossings.filter(
      ([file, imported]) => imported === "index.ts" || layerOf(roomOf(imported)) > layerOf(roomOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it("has rooms that form no cycle", () => {
    const imports = new Map<string, Set<string>>();
    for (const [file, imported] of crossings)
      imports.set(roomOf(file), (imports.get(roomOf(file)) ?? new Set()).add(roomOf(imported)));
    const cycles: string[] = [];
    const walk = (room: string, way: readonly string[]) => {
      if (way.includes(room)) cycles.push([...way.slice(way.indexOf(room)), room].join(" > "));
      else for (const next of imports.get(room) ?? []) walk(next, [...way, room]);
    };
    for (const room of ["inspect", "plan", "contract", "cutover", "failback", "schema/migrate", "target", "rows"])
      walk(room, []);
    expect(cycles).toEqual([]);
  });

  it("keeps each library behind one door", () => {
    const doors: Readonly<Record<string, RegExp>> = {
      postgres: /^(target\/(target|postgres-session|copy-in|backend-state)|embedded\/)/,
      "@libsql/client": /^source\/(source|libsql-source)/,
      "node-pg-migrate": /^schema\/migrate\//,
      "libpg-query": /^schema\/prove\/lint\//,
      pg: /^schema\/migrate\/migration-connection/,
      "pg-copy-streams": /^schema\/backup\/copy-out/,
      diff: /^schema\/migrate\/render-change/,
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
    const wrong = crossings.filter(([, imported]) => roomOf(imported) === "sqlite-sql" && !doors.includes(imported));
    expect(wrong).toEqual([]);
  });

  it("prints and exits nowhere but in cli/", () => {
    // A process of its own ends when its parent does.
    const wrong = files.filter(
      (file) =>
        roomOf(file) !== "cli" &&
        file !== "workers/job-process.ts" &&
        /\bconsole\.|process\.(exit|stdout|stderr)/.test(textOf(file)),
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

  it("has no file name twice, but for a command and its command line, and a type and its inverse", () => {
    const paired = (one: string, other: string) =>
      [one, other].some((file) => file.startsWith("cli/commands/")) ||
      [one, other].some((file) => file.startsWith("rows/inverse/"));
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const file of [...files].sort()) {
      const name = file.slice(file.lastIndexOf("/") + 1);
      const other = seen.get(name);
      if (other !== undefined && !paired(file, other)) twice.push(`${other} and ${file}`);
      seen.set(name, file);
    }
    expect(twice).toEqual([]);
  });

  it("has files that can be read in one go", () => {
    // Each lists one public surface: the methods of a migration, the commands, what a check answers, one state machine.
    const longer = ["migration.ts", "cli/commands.ts", "commands/check.ts", "verify/table-verifier.ts"];
    const made = ["sqlite-sql/tables.ts"];
    const long = files.filter((file) => textOf(file).split("\n").length > 400);
    expect(long.filter((file) => !longer.includes(file) && !made.includes(file))).toEqual([]);
  });
});
