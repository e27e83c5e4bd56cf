import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/**
 * Layers from the bottom up. A room may import from lower layers and, where there is no cycle, from rooms of its own
 * layer.
 */
const LAYERS: readonly (readonly string[])[] = [
  [
    "error-codes",
    "error-codes.ts",
    "errors.ts",
    "quote.ts",
    "sql.ts",
    "log.ts",
    "events.ts",
    "version.ts",
    "in-time.ts",
    "nearest.ts",
    "retry.ts",
    "array-literal.ts",
    "json-document.ts",
    "mutex.ts",
    "processor-share.ts",
    "stay-small.ts",
    "operating-system.ts",
    "require-files.ts",
  ],
  ["model"],
  ["sqlite-sql"],
  [
    "env-file.ts",
    "app-preset.ts",
    "config-file.ts",
    "config-import.ts",
    "config-of-node-pg-migrate.ts",
    "config-target.ts",
    "config-schema.ts",
    "fenced-by.ts",
    "read-config-file.ts",
  ],
  ["duration.ts"],
  ["config.ts"],
  ["source", "source/btree", "source/triggers", "target", "target/store", "target/deferred", "embedded", "throttle"],
  ["rows", "run/history"],
  // The mechanisms of the phases, in the order of the journey, and what looks at them or at the schema.
  [
    "inspect",
    "plan",
    "contract",
    "capture",
    "follow",
    "copy",
    "replay",
    "verify",
    "queries",
    "source/fence",
    "failback/capture",
    "status",
  ],
  ["schema/migrate", "schema/prove", "schema/backup"],
  ["workers"],
  ["run"],
  // The phases that are steps of a run rather than a mechanism.
  ["failback"],
  ["cutover"],
  ["commands"],
  ["api"],
  ["migration.ts"],
  ["serve", "report", "doctor", "fleet"],
  ["notify"],
  ["index.ts", "cli", "record", "record-preload.ts"],
];

/** Which phase may use which: nothing that is not said here. Each uses only phases above it, so there is no cycle. */
const PHASES: Readonly<Record<string, readonly string[]>> = {
  inspect: [],
  plan: [],
  contract: ["inspect", "plan"],
  capture: [],
  follow: ["inspect", "plan", "capture"],
  copy: [],
  replay: [],
  verify: [],
  queries: ["inspect", "plan", "verify"],
  "source/fence": [],
  "failback/capture": [],
  failback: ["inspect", "plan", "capture", "verify", "source/fence", "failback/capture"],
  cutover: ["inspect", "replay", "verify", "source/fence", "failback/capture", "failback"],
};

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

const EXPORT = /^export (?:abstract |async )*(?:function\*?|class|const|interface|type|enum) (\w+)/gm;

/** Numbers of the lines over 120 columns. */
function longLines(text: string): number[] {
  return text.split("\n").flatMap((line, index) => (line.length > 120 ? [index + 1] : []));
}

describe("the structure of the source", () => {
  it("has imports that point down only", () => {
    const wrong = crossings.filter(
      ([file, imported]) => imported === "index.ts" || layerOf(roomOf(imported)) > layerOf(roomOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it("has phases that form a DAG: each uses the ones that it is allowed to", () => {
    const wrong = crossings.filter(([file, imported]) => {
      const [user, used] = [roomOf(file), roomOf(imported)];
      return user in PHASES && used in PHASES && PHASES[user]?.includes(used) !== true;
    });
    expect(wrong).toEqual([]);
    const order = Object.keys(PHASES);
    for (const [phase, used] of Object.entries(PHASES))
      expect(used.filter((other) => order.indexOf(other) >= order.indexOf(phase))).toEqual([]);
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
    for (const room of ["commands", "schema/migrate", "target", "rows", "run"]) walk(room, []);
    expect(cycles).toEqual([]);
  });

  it("keeps each library behind one door", () => {
    const doors: Readonly<Record<string, RegExp>> = {
      postgres: /^(target\/(target|postgres-session|copy-in|open-client)|embedded\/)/,
      "@libsql/client":
        /^source\/(source|libsql-source|transaction-reader|server-source|server-transaction|commit-marked)/,
      "node-pg-migrate": /^schema\/migrate\//,
      "libpg-query": /^schema\/prove\/lint\//,
      pg: /^schema\/migrate\/(migration-connection|open-pg-client)/,
      "pg-copy-streams": /^schema\/backup\/copy-out/,
      "pg-boss": /^fleet\/fleet-queue/,
      diff: /^schema\/migrate\/render-change/,
      zod: /^config-schema\.ts$/,
      commander: /^cli\//,
      jiti: /^config-import\.ts$/,
      "log-update": /^cli\/open-live-view/,
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

  it("has no conflict markers, nor have the pages", () => {
    const root = join(SRC, "..");
    const pages = [
      "README.md",
      "CHANGELOG.md",
      ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((page) => `docs/${page}`),
    ].filter((page) => page.endsWith(".md") && !page.includes("node_modules"));
    const wrong = [...files.map((file) => `src/${file}`), ...pages].filter((file) =>
      /^(<{7}|>{7}) /m.test(readFileSync(join(root, file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("has no file name twice, but for a command and its command line", () => {
    const isPair = (one: string, other: string) => [one, other].some((file) => file.startsWith("cli/commands/"));
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const file of [...files].sort()) {
      const name = file.slice(file.lastIndexOf("/") + 1);
      const other = seen.get(name);
      if (other !== undefined && !isPair(file, other)) twice.push(name);
      seen.set(name, file);
    }
    expect([...new Set(twice)].sort()).toEqual([]);
  });

  it("has no exported name twice, but for commands", () => {
    const isPair = (one: string, other: string) => [one, other].every((file) => file.startsWith("cli/commands/"));
    const seen = new Map<string, string>();
    const twice = new Set<string>();
    // new-file-text.ts holds the text of a file that exports up() and down().
    for (const file of [...files].sort().filter((file) => file !== "schema/migrate/new-file-text.ts"))
      for (const [, name = ""] of textOf(file).matchAll(EXPORT)) {
        const other = seen.get(name);
        if (other !== undefined && other !== file && !isPair(file, other)) twice.add(name);
        seen.set(name, file);
      }
    expect([...twice].sort()).toEqual([]);
  });

  it("has no line over 120 columns, but for generated tables; nor have tests, bench and scripts", () => {
    const root = join(SRC, "..");
    const all = ["src", "test", "bench", "scripts"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(ts|mjs)$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    const long = all
      // Generated tables, and SQL that makes samples.
      .filter((file) => file !== "src/sqlite-sql/tables.ts" && file !== "bench/sample-shapes.ts")
      .flatMap((file) => longLines(readFileSync(join(root, file), "utf8")).map((line) => `${file}:${line}`));
    expect(long).toEqual([]);
  });

  it("has files that can be read in one go", () => {
    const made = ["sqlite-sql/tables.ts"];
    const long = files.filter((file) => textOf(file).split("\n").length > 301);
    expect(long.filter((file) => !made.includes(file))).toEqual([]);
  });

  it("names the state schema in no statement: each run has its own", () => {
    const statement = /["`][^"`\n]*\b(from|into|update|join|table|call) changeover\.[a-z_]+/gi;
    const found = files.flatMap((file) => [...textOf(file).matchAll(statement)].map(([text]) => `${file}: ${text}`));
    // Help and hints for a person, whose run has the schema that is usual.
    expect(found.filter((line) => !/^(cli\/specs|plan\/findings)\//.test(line))).toEqual([]);
  });
});
