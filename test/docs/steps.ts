import { type Block, blocksOf, isRun } from "./blocks.ts";

/** What a page wants to be done, in its order. */
export type Step =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | SqlStep
  | { readonly kind: "command"; readonly line: number; readonly command: string; readonly expected: readonly string[] };

export interface SqlStep {
  readonly kind: "sql";
  /** The file of a SQLite database; null: the target. */
  readonly path: string | null;
  readonly line: number;
  readonly text: string;
  /** The message that the page says it is refused with; null: it is done. */
  readonly refused: string | null;
}

/**
 * Blocks that begin with
 * ```` ```console run ````: commands after `$ `, each with its output;
 * ```` ```LANGUAGE file=PATH ````: a file;
 * ```` ```sql sqlite=PATH ````, ```` ```sql target ````: statements for a SQLite database, or for the target;
 * ```` ```text refused ````: the message that the statements of the block before it are refused with.
 */
export function stepsOf(text: string): Step[] {
  const blocks = blocksOf(text).filter(isRun);
  return blocks.flatMap((block, index) => stepOf(block, blocks[index + 1]));
}

function stepOf({ body, language, line, mark }: Block, next: Block | undefined): Step[] {
  const [kind = "", path = ""] = mark.split("=");
  if (kind === "file") return [{ kind: "file", path, text: body }];
  if (language === "console") return commandsOf(body, line);
  if (language !== "sql") return [];
  const refused = next?.mark === "refused" ? next.body : null;
  return [{ kind: "sql", path: kind === "sqlite" ? path : null, line, text: body, refused }];
}

function commandsOf(body: string, first: number): Step[] {
  const commands: { kind: "command"; line: number; command: string; expected: string[] }[] = [];
  for (const [index, line] of body.trimEnd().split("\n").entries())
    if (line.startsWith("$ "))
      commands.push({ kind: "command", line: first + index, command: line.slice(2), expected: [] });
    else commands.at(-1)?.expected.push(line);
  return commands;
}
