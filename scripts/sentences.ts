import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A paragraph, a cell, an item of a list, or a comment. */
interface Piece {
  readonly line: number;
  readonly text: string;
}

export interface Sentence {
  readonly file: string;
  readonly line: number;
  readonly words: number;
  readonly text: string;
}

/** The sentences of a page or a source file, with their number of words. Code in backticks is one word. */
export function sentencesOf(file: string, text: string): Sentence[] {
  const pieces = file.endsWith(".md") ? piecesOfPage(text) : piecesOfComments(text);
  return pieces.flatMap(({ line, text: piece }) =>
    plain(piece)
      .split(/(?<=[.!?]["')*_]?)\s+(?=[A-Z0-9"'(*_`])/)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== "")
      .map((sentence) => ({
        file,
        line,
        words: sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
        text: sentence,
      })),
  );
}

/** All pages, those that are generated too, relative to the root. */
export function pages(): string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules") && !file.startsWith(".vitepress"))
    .map((file) => `docs/${file}`);
  const examples = ["examples/two-truths/README.md", "examples/web-service/README.md"];
  const others = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "bench/NOTES.md"];
  return [...others, ...examples, ...docs].filter((file) => existsSync(join(ROOT, file))).sort();
}

/** Source files whose comments are read. */
export function sources(): string[] {
  return ["src", "bench", "scripts", "examples", "test"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|mjs)$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
}

function piecesOfPage(text: string): Piece[] {
  const pieces: Piece[] = [];
  let open: { line: number; text: string } | undefined;
  let fence = "";
  const close = () => {
    if (open !== undefined) pieces.push(open);
    open = undefined;
  };
  for (const [index, raw] of text.split("\n").entries()) {
    const mark = /^\s*(```+|~~~+)/.exec(raw)?.[1];
    if (fence !== "") {
      if (mark?.startsWith(fence)) fence = "";
      continue;
    }
    if (mark !== undefined) {
      close();
      fence = mark;
    } else if (raw.trim() === "" || /^(#|---|<|\s*\[[^\]]+\]:)/.test(raw)) close();
    else if (raw.trimStart().startsWith("|")) {
      close();
      for (const cell of raw.split(/(?<!\\)\|/)) pieces.push({ line: index + 1, text: cell });
    } else {
      if (/^\s*([-*>]|\d+\.)\s/.test(raw)) close();
      if (open === undefined) open = { line: index + 1, text: "" };
      open.text += ` ${raw.replace(/^\s*([-*>]|\d+\.)\s/, "").trim()}`;
    }
  }
  close();
  return pieces;
}

function piecesOfComments(text: string): Piece[] {
  const pieces: Piece[] = [];
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  for (const match of text.matchAll(/^[ \t]*\/\*\*?([\s\S]*?)\*\/|((?:^[ \t]*\/\/.*\n?)+)/gm)) {
    const body = (match[1] ?? match[2] ?? "").replace(/^\s*(\*|\/\/)\s?/gm, "");
    for (const paragraph of body.split(/\n\s*\n|\n(?=\s*[-@*]\s?)/))
      pieces.push({ line: lineOf(match.index), text: paragraph });
  }
  return pieces;
}

function plain(text: string): string {
  return text
    .replace(/``.*?``|`[^`]*`/g, "Code")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/https?:\S+/g, "link")
    .replace(/\s+/g, " ");
}
