import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isErrorCode } from "../../src/error-codes.ts";

const INDEX = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

/** Every name that index.ts exports, with the file that declares it. */
function publicNames(): { readonly name: string; readonly file: string }[] {
  const text = readFileSync(INDEX, "utf8");
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)";/gms)].flatMap(([, names = "", file = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter((name) => name !== "")
      .map((name) => ({ name, file: join(dirname(INDEX), file) })),
  );
}

interface Declaration {
  readonly name: string;
  readonly line: number;
  readonly lines: readonly string[];
}

function declarationOf({ file, name }: { readonly name: string; readonly file: string }): Declaration {
  const lines = readFileSync(file, "utf8").split("\n");
  const pattern = new RegExp(
    `^export (?:declare |abstract |async )*(?:interface|type|class|function|const) ${name}\\b|^export type ` +
      `\\{ ${name} \\}`,
  );
  const line = lines.findIndex((text) => pattern.test(text));
  if (line < 0) throw new Error(`${name} is not declared in ${file}`);
  return { name, line, lines };
}

function hasDocstring({ line, lines }: Declaration): boolean {
  return lines[line - 1]?.trimEnd().endsWith("*/") === true;
}

/** Members of an interface, but for those of objects within: two spaces deep. */
function bareMembers({ line, lines, name }: Declaration): string[] {
  if (!/^export (?:abstract )?(?:interface|class) /.test(lines[line] ?? "")) return [];
  const end = lines.findIndex((text, index) => index > line && text.startsWith("}"));
  return lines.slice(line + 1, end).flatMap((text, index) =>
    /^ {2}(?:readonly )?[\w[]+[\w.\]]*\??(?:<[^>]*>)?[(:]/.test(text) &&
    !/^ {2}constructor\(/.test(text) &&
    !(lines[line + index] ?? "").trimEnd().endsWith("*/")
      ? [
          `${name}.${
            text
              .trim()
              .replace(/^readonly /, "")
              .split(/[(:?]/)[0]
          }`,
        ]
      : [],
  );
}

/** The methods of a migration, and the functions that open or stop something. */
const PUBLIC_METHODS = [
  "Migration",
  "MigrationFiles",
  "Quarantine",
  "openMigration",
  "onCutover",
  "openEmbedded",
  "embeddedStatus",
  "stopEmbedded",
  "proveMigrations",
];

function docstringAbove(lines: readonly string[], line: number): string {
  let first = line - 1;
  while (first > 0 && !(lines[first] ?? "").trimStart().startsWith("/**")) first--;
  return lines.slice(first, line).join("\n");
}

describe("the public API", () => {
  const declarations = publicNames().map(declarationOf);

  it("has a docstring on each exported name", () => {
    expect(declarations.length).toBeGreaterThan(90);
    expect(declarations.filter((one) => !hasDocstring(one)).map(({ name }) => name)).toEqual([]);
  });

  it("has one on each member of these", () => {
    expect(declarations.flatMap(bareMembers)).toEqual([]);
  });

  it("says what each method throws, by codes that there are", () => {
    const untold: string[] = [];
    for (const { line, lines, name } of declarations.filter(({ name }) => PUBLIC_METHODS.includes(name))) {
      const end = lines.findIndex((text, index) => index > line && text.startsWith("}"));
      const isFunction = /^export (?:async )?function /.test(lines[line] ?? "");
      for (let at = isFunction ? line : line + 1; at < (isFunction ? line + 1 : end); at++) {
        const method = isFunction ? name : /^ {2}(\w+)\(/.exec(lines[at] ?? "")?.[1];
        if (method === undefined) continue;
        const doc = docstringAbove(lines, at);
        if (!doc.includes("@throws")) untold.push(`${name}.${method}`);
        for (const [, code = ""] of doc.slice(doc.indexOf("@throws")).matchAll(/`([A-Z_]{5,})`/g))
          if (!isErrorCode(code)) untold.push(`${name}.${method}: ${code}`);
      }
    }
    expect(untold).toEqual([]);
  });

  it("has no member in snake_case, and no bigint", () => {
    for (const { line, lines, name } of declarations) {
      const end = lines.findIndex((text, index) => index > line && /^(?:\}|$)/.test(text));
      const body = lines.slice(line, end).filter((text) => !/^\s*(?:\/?\*|\/\/)/.test(text));
      expect(
        body.filter((text) => /^\s+(?:readonly )?[a-z]+_\w+\??:/.test(text)),
        name,
      ).toEqual([]);
      if (name !== "Confirm")
        expect(
          body.filter((text) => /\bbigint\b/.test(text)),
          name,
        ).toEqual([]);
    }
  });
});
