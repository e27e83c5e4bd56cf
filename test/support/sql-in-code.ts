import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "rolldown/utils";

/** One text of SQL in the code, with a name in place of what is only known when it runs. */
export interface SqlText {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
}

/** A node of the syntax tree, as far as it matters here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [part: string]: unknown;
}

/** All texts of SQL that match: those of `.sql` files, and the strings and templates of scripts. */
export function sqlTexts(root: string, folders: readonly string[], pattern: RegExp): SqlText[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(sql|[cm]?[jt]s)$/.test(file) && !file.includes("node_modules"))
      .flatMap((file) => textsOf(join(folder, file), readFileSync(join(root, folder, file), "utf8")))
      .filter(({ sql }) => pattern.test(sql)),
  );
}

export function textsOf(file: string, text: string): SqlText[] {
  if (/torture\/cases/.test(file)) return questions(file, text);
  if (file.endsWith(".sql")) return [{ file, line: 1, sql: text }];
  const { errors, program } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const nodes = [...walk(program)];
  const known = constants(nodes);
  const sums = nodes.filter(isSum);
  // A text in pieces is read as one, and its pieces not again.
  const pieces = new Set(sums.flatMap((sum) => piecesOf(sum)));
  return nodes
    .filter((node) => !pieces.has(node) && (node.type === "TemplateLiteral" || node.type === "Literal" || isSum(node)))
    .map((node) => ({ file, line: text.slice(0, node.start).split("\n").length, sql: render(node, known) ?? "" }));
}

function isSum({ operator, type }: Node): boolean {
  return type === "BinaryExpression" && operator === "+";
}

/** What a sum adds, and sums within it. */
function piecesOf(sum: Node): Node[] {
  return [sum["left"] as Node, sum["right"] as Node].flatMap((part) => [part, ...(isSum(part) ? piecesOf(part) : [])]);
}

/** A case is a schema of SQLite's; what it asks of the target stands in its comments. */
function questions(file: string, text: string): SqlText[] {
  return text.split("\n").flatMap((line, index) => {
    const sql = /^-- target: (.*?)(?: => .*)?$/.exec(line)?.[1];
    return sql === undefined ? [] : [{ file, line: index + 1, sql }];
  });
}

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  else if (typeof value === "object" && value !== null) {
    if ("type" in value) yield value as Node;
    for (const part of Object.values(value)) yield* walk(part);
  }
}

/** Values of constants by their names; of those that share a name, all. */
function constants(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const known = new Map<string, Node[]>();
  for (const node of nodes) {
    const { id, init } = node as { id?: { name?: string }; init?: Node };
    if (node.type === "VariableDeclarator" && id?.name !== undefined && init != null)
      known.set(id.name, [...(known.get(id.name) ?? []), init]);
  }
  return known;
}

/** The text of an expression; null where it is only known when it runs. */
function render(node: Node, known: ReadonlyMap<string, readonly Node[]>, depth = 0): string | null {
  if (depth > 8) return null;
  const next = (given: unknown) => render(given as Node, known, depth + 1);
  switch (node.type) {
    case "Literal":
      return typeof node["value"] === "string" ? node["value"] : null;
    case "TemplateLiteral": {
      const quasis = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
      const parts = node["expressions"] as readonly Node[];
      return quasis
        .map(({ value }, index) => `${value.cooked}${index < parts.length ? inserted(next(parts[index])) : ""}`)
        .join("");
    }
    case "BinaryExpression": {
      const [left, right] = [next(node["left"]), next(node["right"])];
      return left === null && right === null ? null : inserted(left) + inserted(right);
    }
    case "ParenthesizedExpression":
      return next(node["expression"]);
    case "Identifier": {
      const values = new Set((known.get(node["name"] as string) ?? []).map(next));
      return values.size === 1 ? ([...values][0] ?? null) : null;
    }
    case "ArrowFunctionExpression":
      return next(node["body"]);
    case "CallExpression":
      return call(node, next);
    default:
      return null;
  }
}

/** `list.map((x) => text).join(", ")` is that text, once. */
function call(node: Node, next: (given: unknown) => string | null): string | null {
  const callee = node["callee"] as Node & { readonly property?: { readonly name?: string }; readonly object?: Node };
  if (callee.type !== "MemberExpression") return null;
  if (callee.property?.name === "join") return next(callee.object);
  return callee.property?.name === "map" ? next((node["arguments"] as readonly Node[])[0]) : null;
}

function inserted(text: string | null): string {
  return text ?? UNKNOWN;
}

/** Stands for what is only known when it runs. */
export const UNKNOWN = "unknown_here";
