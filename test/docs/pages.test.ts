import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../scripts/reference/pages.ts";
import { pages, sentencesOf } from "../../scripts/sentences.ts";
import { COMMANDS, COMMON_OPTIONS, TARGET_OPTIONS } from "../../src/cli/commands.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");
const source = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => textOf(`src/${file}`))
  .join("\n");
// How a release looked when it was written, and what another program printed.
const HISTORY = ["CHANGELOG.md", "docs/torture.md", "docs/applications.md"];
const PAGES = pages().filter((page) => !HISTORY.includes(page));

describe("the reference", () => {
  it.each(Object.entries(REFERENCE))("%s is what the source says (npm run docs writes it)", async (page, render) => {
    expect(textOf(page)).toBe(await render());
  });

  it("has every name that the library exports (npm run docs:library writes it)", () => {
    const library = textOf("docs/reference/library.md").replaceAll("\\_", "_");
    const exported = [...textOf("src/index.ts").matchAll(/\{([^}]*)\}/g)].flatMap(([, names = ""]) =>
      names
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
        .split(",")
        .map((name) => (/(?:type )?\s*(?:\w+ as )?(\w+)\s*$/.exec(name.trim()) ?? [])[1] ?? "")
        .filter((name) => name !== ""),
    );
    expect(exported.length).toBeGreaterThan(50);
    expect(exported.filter((name) => !new RegExp(`^### (.* )?${name}\\b`, "m").test(library))).toEqual([]);
  });
});

describe("links", () => {
  it("lead to pages that exist, and to headings that they have", () => {
    const dead = [...PAGES, "CHANGELOG.md"].flatMap((page) =>
      linksOf(page)
        .filter((link) => {
          const [path = "", anchor] = link.split("#");
          const target = path === "" ? page : normalize(join(dirname(page), path));
          if (!existsSync(join(ROOT, target))) return true;
          return anchor !== undefined && !anchorsOf(target).includes(anchor);
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it("lead to every page from another one", () => {
    const reached = new Set(
      PAGES.flatMap((page) => linksOf(page).map((link) => normalize(join(dirname(page), link.replace(/#.*/, ""))))),
    );
    const roots = ["README.md", "docs/README.md", "bench/NOTES.md", "docs/design.md"];
    expect(
      PAGES.filter((page) => !reached.has(page) && !roots.includes(page) && !page.startsWith("examples/")),
    ).toEqual([]);
  });

  it("from messages and comments of the source lead to pages", () => {
    const named = new Set([...source.matchAll(/\bdocs\/[\w/.-]+\.md/g)].map(([page]) => page));
    expect(named.size).toBeGreaterThan(3);
    expect([...named].filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
  });
});

describe("what pages name", () => {
  const options = (flags: readonly { readonly flags: string }[]) =>
    flags.flatMap(({ flags: text }) => text.match(/--[a-z-]+/g) ?? []);
  const everywhere = [...options([...COMMON_OPTIONS, ...TARGET_OPTIONS]), "--help", "--version"];
  const known = new Map(COMMANDS.map((spec) => [spec.name as string, [...options(spec.options), ...everywhere]]));

  it("are commands with options that they have", () => {
    const wrong = PAGES.flatMap((page) =>
      callsOf(textOf(page)).flatMap(({ line, words }) => {
        const [, name = "", ...rest] = words;
        if (name === "" || name.startsWith("-") || /^[A-Z…<[]/.test(name)) return [];
        const own = known.get(name);
        if (own === undefined) return [`${page}:${line}: there is no command ${name}`];
        return rest.flatMap((word) => {
          const option = /^--[a-z-]+/.exec(word)?.[0];
          return option === undefined || own.includes(option) ? [] : [`${page}:${line}: ${name} has no ${option}`];
        });
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("are options that some command has", () => {
    const all = new Set([...known.values()].flat());
    // Of other programs.
    const others = [
      "--hostname",
      "--quick",
      "--docs",
      "--schema-only",
      "--ignore-scripts",
      "--allow-write",
      "--with-postgres",
      "--long",
      "--minutes",
      "--seed",
      "--shrink",
      "--only",
      "--project",
      "--check",
      "--users",
      "--rate",
      "--seconds",
    ];
    const wrong = PAGES.flatMap((page) =>
      inlineCode(textOf(page)).flatMap((code) => {
        const option = /^--[a-z-]+/.exec(code)?.[0];
        return option === undefined || all.has(option) || others.includes(option) ? [] : [`${page}: ${option}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("are codes that the source knows", () => {
    // Variables of the environment, and what SQL is called.
    const others =
      /^(CHANGEOVER_|DATABASE_URL$|MALLOC_|SQLITE_|PGHOST|NODE_|TCP_|SET_|CREATE_|INVALID_…$|ERR_|TORTURE$|FUZZ_)/;
    const wrong = PAGES.flatMap((page) =>
      inlineCode(textOf(page))
        .filter((code) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code) && !others.test(code))
        .filter((code) => !new RegExp(`\\b${code}\\b`).test(source))
        .map((code) => `${page}: ${code}`),
    );
    expect(wrong).toEqual([]);
  });

  it("are files of the project", () => {
    const wrong = PAGES.flatMap((page) =>
      inlineCode(textOf(page))
        .filter((code) => /^(src|sql|test|scripts|bench|examples)\/[\w/.-]+$/.test(code))
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the English of the pages", () => {
  it("has no sentence over 35 words (node scripts/long-sentences.mjs lists them)", () => {
    // The words of the command line and of the source stand in the generated pages.
    const written = [...PAGES, "CHANGELOG.md"].filter((page) => !page.startsWith("docs/reference/"));
    const long = written.flatMap((page) =>
      sentencesOf(page, textOf(page))
        .filter(({ words }) => words > 35)
        .map(({ line, words, text }) => `${page}:${line}: ${words} words: ${text}`),
    );
    expect(long).toEqual([]);
  });
});

describe("the changelog", () => {
  it("has the form of Keep a Changelog: each entry under a version and a kind", () => {
    const text = textOf("CHANGELOG.md");
    const first = text.indexOf("\n- ");
    expect(text.indexOf("\n## [Unreleased]")).toBeGreaterThan(0);
    expect(first).toBeGreaterThan(text.indexOf("\n### "));
    const kinds = [...text.matchAll(/^### (.*)$/gm)].map(([, kind = ""]) => kind);
    const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    expect(kinds.filter((kind) => !known.includes(kind))).toEqual([]);
  });
});

describe("decisions", () => {
  it("have numbers of their own, and are listed", () => {
    const files = readdirSync(join(ROOT, "docs/decisions")).filter((file) => /^\d/.test(file));
    const numbers = files.map((file) => file.slice(0, 3));
    expect(new Set(numbers).size).toBe(numbers.length);
    const list = textOf("docs/decisions/README.md");
    expect(files.filter((file) => !list.includes(`(${file})`))).toEqual([]);
  });
});

/** Links to other pages and files, as they are written. */
function linksOf(page: string): string[] {
  return [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The anchors of a page's headings, as a code host and VitePress make them. */
function anchorsOf(page: string): string[] {
  const text = textOf(page).replace(/^```[\s\S]*?^```/gm, "");
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-"),
  );
  // The second of the same name gets a number.
  const numbered = headings.map((heading, index) => {
    const before = headings.slice(0, index).filter((other) => other === heading).length;
    return before === 0 ? heading : `${heading}-${before}`;
  });
  return [...numbered, ...[...text.matchAll(/id="([^"]+)"/g)].map(([, id = ""]) => id)];
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
}

function inlineCode(text: string): string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** Each call of the command line: in blocks for a shell, and in code within a sentence. */
function callsOf(text: string): { readonly line: number; readonly words: readonly string[] }[] {
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const blocks = [...text.matchAll(/^```(?:sh|console|ini|yaml)[^\n]*\n([\s\S]*?)^```/gm)].flatMap((match) =>
    (match[1] ?? "")
      .split("\n")
      .map((line, index) => ({ line: lineOf(match.index) + 1 + index, text: line.replace(/(^|\s)#.*$/, "") }))
      .filter((_, __, all) => all.length > 0)
      .filter(({ text: line }) => !(match[0].startsWith("```console") && !line.startsWith("$ "))),
  );
  const inline = [
    ...text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, " ")).matchAll(/`(changeover [^`\n]+)`/g),
  ].map((match) => ({ line: lineOf(match.index), text: match[1] ?? "" }));
  return [...blocks, ...inline].flatMap(({ line, text: code }) =>
    code
      .split(/&&|\||;|\$\(/)
      .map((part) => part.trim().split(/\s+/))
      .map((words) => words.slice(words.indexOf("changeover")))
      .filter((words) => words[0] === "changeover")
      .map((words) => ({ line, words })),
  );
}
