// @ts-check
import { groupBy } from "./group-by.mjs";

/**
 * @typedef {import("./read-grammar.mjs").Grammar} Grammar
 * @typedef {import("./read-grammar.mjs").Rule} Rule
 * @typedef {import("./lalr.mjs").Row} Row
 */

/** The tables as a TypeScript file. @param {Grammar} grammar @param {{ rows: Row[] }} tables */
export function renderTables(grammar, { rows }) {
  const terminals = ["$", ...grammar.terminals];
  const tokens = new Map(terminals.map((name, index) => [name, index]));
  const lefts = new Map(grammar.nonterminals.map((name, index) => [name, index]));
  const number = (/** @type {Map<string, number>} */ of, /** @type {string} */ name) =>
    (of.get(name) ?? 0).toString(36);
  // 0: none, 1: error; then shifts are even and reductions odd.
  const actions = rows.map(({ actions, otherwise }) => {
    const groups = groupBy(actions, ([, action]) =>
      action.kind === "error" ? 1 : action.kind === "shift" ? 2 + 2 * action.state : 3 + 2 * action.rule,
    );
    const listed = [...groups].map(([code, some]) =>
      [code.toString(36), ...some.map(([name]) => number(tokens, name))].join(" "),
    );
    return [otherwise === null ? "0" : (3 + 2 * otherwise).toString(36), ...listed].join(",");
  });
  const gotos = rows.map(({ gotos }) =>
    [...gotos].map(([name, state]) => `${number(lefts, name)} ${state.toString(36)}`).join(","),
  );
  const types = typeNames(grammar);
  return `// Made from sqlite.grammar by \`node scripts/make-parser.mjs\`: change that file, not this one.
import type {
${types.ast.map((name) => `  ${name},\n`).join("")}} from "./ast.ts";
import {
${types.build.map((name) => `  ${name},\n`).join("")}} from "./build.ts";
import type { Token } from "./tokens.ts";

/** The value of a rule, from those of its symbols, which begin at \`b\` of \`v\`. */
export type Reduce = (v: readonly unknown[], b: number, at: Span, text: string) => unknown;

/** Tokens by number; 0 is the end. */
export const TERMINALS: readonly string[] = (
${literal(terminals.join(" "))}
).split(" ");

/** By token: the token that it is where it fits nothing. */
export const FALLBACK: ReadonlyMap<string, string> = new Map([
${[...grammar.fallback].map(([from, to]) => `  ["${from}", "${to}"],\n`).join("")}]);

export const WILDCARD = "${grammar.wildcard}";

/** By state: the action of all other tokens, then each action with its tokens, in base 36. */
export const ACTIONS: readonly string[] = (
${literal(actions.join(";"))}
).split(";");

/** By state: where a symbol leads. */
export const GOTOS: readonly string[] = (
${literal(gotos.join(";"))}
).split(";");

/** By rule: the symbol on its left, and the number of those on its right. */
export const RULES: readonly string[] = (
${literal(grammar.rules.map(({ left, right }) => `${number(lefts, left)} ${right.length.toString(36)}`).join(";"))}
).split(";");

export const START = ${lefts.get(grammar.start)};

const is = <T>(value: T): T => value;

/** By rule; null for one that passes on the value of its only symbol. */
export const REDUCE: readonly (Reduce | null)[] = [
${grammar.rules.map((rule, index) => `  // ${index}: ${show(rule)}\n  ${reduceOf(rule, grammar)},\n`).join("")}];
`;
}

/** @param {Rule} rule */
function show({ left, right }) {
  return `${left} ::= ${right.map(({ names }) => names.join("|")).join(" ")}`.trim();
}

/** @param {Rule} rule @param {Grammar} grammar */
function reduceOf(rule, grammar) {
  const { left, right, action } = rule;
  const type = grammar.types.get(left) ?? "null";
  const typeOf = (/** @type {string} */ name) => (/^[A-Z]/.test(name) ? "Token" : (grammar.types.get(name) ?? "null"));
  if (action === null) {
    const [only] = right;
    if (right.length !== 1 || only === undefined || type === "null") return `() => is<${type}>(null)`;
    const given = typeOf(only.names[0] ?? "");
    return given === type ? "null" : `(v, b) => is<${type}>(v[b] as ${given})`;
  }
  const used = (/** @type {string} */ word) => new RegExp(`\\b${word}\\b`).test(action);
  const value = right.reduce(
    (text, { names, label }, index) =>
      label === null
        ? text
        : text.replace(
            new RegExp(`\\b${label}\\b(?!:)`, "g"),
            () => `(v[b${index === 0 ? "" : ` + ${index}`}] as ${typeOf(names[0] ?? "")})`,
          ),
    action,
  );
  const missing = right.filter(({ label }) => label !== null && !used(label));
  if (missing.length > 0) throw new Error(`${show(rule)} does not use ${missing.map(({ label }) => label).join(", ")}`);
  const named = /** @type {const} */ ([
    ["v", right.some(({ label }) => label !== null)],
    ["b", right.some(({ label }) => label !== null)],
    ["at", used("at")],
    ["text", /(^|[^.])\btext\b(?!:)/.test(action)],
  ]);
  const last = named.findLastIndex(([, isUsed]) => isUsed);
  const parameters = named.slice(0, last + 1).map(([name, isUsed]) => (isUsed ? name : `_${name}`));
  return `(${parameters.join(", ")}) => is<${type}>(${value})`;
}

/** The types and functions that the actions name. @param {Grammar} grammar */
function typeNames(grammar) {
  const text = [
    ...grammar.types.values(),
    ...grammar.rules.map(({ action }) => (action ?? "").replace(/"[^"]*"/g, "")),
  ].join(" ");
  const types = new Set(["Span"]);
  for (const [name] of [...grammar.types.values()]
    .join(" ")
    .replace(/"[^"]*"/g, "")
    .matchAll(/\b[A-Z]\w+/g))
    types.add(name);
  const builders = new Set([...text.matchAll(/\b(?<![^.]\.)([a-z]\w*)\(/g)].map((match) => match[1] ?? ""));
  for (const [name] of text.matchAll(/\b[A-Z]+_[A-Z_]+\b/g)) builders.add(name);
  const own = new Set(BUILT_TYPES);
  const inBuild = [...builders, ...[...types].filter((name) => own.has(name)).map((name) => `type ${name}`)];
  const key = (/** @type {string} */ name) => name.replace("type ", "");
  return {
    ast: [...types].filter((name) => !own.has(name) && !["Omit", "Extract"].includes(name)).sort(),
    build: inBuild.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
  };
}

/** Values of symbols that are parts of nodes only. */
const BUILT_TYPES = [
  "BeginMode",
  "ColumnHead",
  "CreateTableHead",
  "FilterOver",
  "InsertVerb",
  "JoinKind",
  "JoinPrefix",
  "LikeOperator",
  "OnUsing",
  "Parsed",
  "TriggerEvent",
  "TriggerHead",
  "UpsertReturning",
  "WhereReturning",
];

/** A long text over several lines. @param {string} text */
function literal(text) {
  const lines = text.match(/.{1,112}/gs) ?? [""];
  return lines.map((line) => `  ${JSON.stringify(line)}`).join(" +\n");
}
