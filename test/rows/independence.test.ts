import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROWS = fileURLToPath(new URL("../../src/rows", import.meta.url));

/** A source file: its top-level declarations by name, and where its imported values come from. */
interface Module {
  readonly text: string;
  readonly declarations: ReadonlyMap<string, string>;
  readonly imports: ReadonlyMap<string, string>;
}

const modules = new Map(
  readdirSync(ROWS, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, readModule(file)] as const),
);

function readModule(file: string): Module {
  const text = readFileSync(join(ROWS, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const starts = [...text.matchAll(/^(?:export )?(?:function|const|class) (\w+)/gm)];
  const declarations = new Map(
    starts.map((start, index) => [start[1] ?? "", text.slice(start.index, starts[index + 1]?.index)]),
  );
  const imports = new Map(
    [...text.matchAll(/^import \{([^}]*)\} from "([^"]+)"/gm)].flatMap(([, names = "", from = ""]) =>
      names
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => [name, from.startsWith(".") ? relative(ROWS, resolve(dirname(join(ROWS, file)), from)) : from]),
    ),
  );
  return { text, declarations, imports };
}

/** The codec's part between two of its properties. */
function partOf(text: string, from: string, to: string): string {
  const found = new RegExp(`^( +)${from}:.*?(?=^\\1${to}\\b)`, "ms").exec(text);
  return found?.[0] ?? expect.fail(`there is no ${from} before ${to}`);
}

/** All functions and constants that a piece of a file uses, directly or through others, as `file name`. */
function reach(file: string, code: string, found = new Set<string>()): ReadonlySet<string> {
  const { declarations, imports } = modules.get(file) ?? expect.fail(`${file} is not in rows/`);
  for (const name of new Set(code.match(/\b[A-Za-z_]\w*\b/g) ?? [])) {
    const home = declarations.has(name) ? file : imports.get(name);
    if (home === undefined || found.has(`${home} ${name}`)) continue;
    // A property may have the name of a function that takes it apart.
    if (new RegExp(`(?<![.\\w])${name}\\b(?!\\??:)`).test(code)) found.add(`${home} ${name}`);
    else continue;
    const body = modules.get(home)?.declarations.get(name);
    if (body !== undefined) reach(home, body.replace(new RegExp(`\\b${name}\\b`), ""), found);
  }
  return found;
}

const CODECS = [...modules.entries()].filter(
  ([file, { text }]) => file.startsWith("types/") && /^ +comparison:/m.test(text),
);

describe("verification", () => {
  it("knows a codec for each type", () => {
    expect(CODECS).toHaveLength(16);
  });

  it.each(CODECS)("shares no function with the copy in %s", (file, { text }) => {
    const encoder = reach(file, partOf(text, "encoder", "comparison"));
    const comparison = reach(file, partOf(text, "comparison", "inverse"));
    expect(encoder.size, "functions of the encoder").toBeGreaterThan(0);
    expect([...comparison].filter((name) => encoder.has(name))).toEqual([]);
  });

  it("has a reader of the file's pages of its own", () => {
    const src = fileURLToPath(new URL("../../src", import.meta.url));
    const files = readdirSync(join(src, "verify"), { recursive: true, encoding: "utf8" });
    const own = files.filter((file) => file.startsWith("stored/"));
    expect(own.length).toBeGreaterThan(5);
    const shared = files
      .filter((file) => file.endsWith(".ts"))
      .filter((file) => /from "[./]*(source\/btree|copy)\//.test(readFileSync(join(src, "verify", file), "utf8")));
    expect(shared).toEqual([]);
    const copies = readdirSync(join(src, "copy"), { encoding: "utf8" });
    expect(copies.filter((file) => readFileSync(join(src, "copy", file), "utf8").includes("verify/"))).toEqual([]);
  });
});
