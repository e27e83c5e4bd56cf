// @ts-check

/**
 * @typedef {import("./read-grammar.mjs").Grammar} Grammar
 * @typedef {import("./read-grammar.mjs").Rule} Rule
 * @typedef {{ rule: number, dot: number, follow: Set<string>, feeds: Item[] }} Item
 * @typedef {{ items: Item[], gotos: Map<string, number> }} State
 * @typedef {{ kind: "shift", state: number } | { kind: "reduce", rule: number } | { kind: "error" }} Action
 * @typedef {{ actions: Map<string, Action>, gotos: Map<string, number>, otherwise: number | null }} Row
 */

import { groupBy } from "./group-by.mjs";

const END = "$";

/**
 * Builds the automaton of a grammar as Lemon does. @param {Grammar} grammar @returns {{ rows: Row[], conflicts:
 * string[] }}
 */
export function buildTables(grammar) {
  const states = buildStates(grammar);
  spreadFollow(states);
  /** @type {string[]} */
  const conflicts = [];
  const rows = states.map((state, number) => {
    const actions = actionsOf(state, number, grammar, conflicts);
    return { actions, gotos: nonterminalGotos(state), otherwise: takeDefault(actions, grammar) };
  });
  return { rows, conflicts };
}

/** @param {Grammar} grammar */
function buildStates(grammar) {
  const { nullable, first } = firstSets(grammar);
  /** @type {State[]} */
  const states = [];
  /** @type {Map<string, number>} */
  const known = new Map();
  const byLeft = groupBy([...grammar.rules.keys()], (rule) => grammar.rules[rule]?.left ?? "");

  /** Finds or creates the state of these items. @param {{ rule: number, dot: number }[]} kernel */
  function stateOf(kernel) {
    const key = kernel
      .map(({ rule, dot }) => `${rule}.${dot}`)
      .sort()
      .join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    const number = states.length;
    known.set(key, number);
    states.push({ items: closure(kernel), gotos: new Map() });
    return number;
  }

  /** @param {{ rule: number, dot: number }[]} kernel @returns {Item[]} */
  function closure(kernel) {
    /** @type {Map<string, Item>} */
    const items = new Map();
    const add = (/** @type {number} */ rule, /** @type {number} */ dot) => {
      const key = `${rule}.${dot}`;
      const item = items.get(key) ?? { rule, dot, follow: new Set(), feeds: [] };
      items.set(key, item);
      return item;
    };
    for (const { rule, dot } of kernel) add(rule, dot);
    // Iterating a Map includes entries added meanwhile.
    for (const item of items.values()) {
      const right = grammar.rules[item.rule]?.right ?? [];
      const next = right[item.dot];
      if (next === undefined) continue;
      const after = right.slice(item.dot + 1);
      const end = after.findIndex(({ names }) => !names.every((name) => nullable.has(name)));
      const seen = after.slice(0, end === -1 ? undefined : end + 1);
      const starts = seen.flatMap(({ names }) => names.flatMap((name) => [...(first.get(name) ?? [name])]));
      for (const rule of byLeft.get(next.names[0] ?? "") ?? []) {
        const inner = add(rule, 0);
        for (const token of starts) inner.follow.add(token);
        if (end === -1) item.feeds.push(inner);
      }
    }
    return [...items.values()];
  }

  stateOf((byLeft.get(grammar.start) ?? []).map((rule) => ({ rule, dot: 0 })));
  for (const item of states[0]?.items ?? []) if (grammar.rules[item.rule]?.left === grammar.start) item.follow.add(END);
  for (const state of states) {
    const moves = groupBy(state.items, ({ rule, dot }) => grammar.rules[rule]?.right[dot]?.names.join("|") ?? "");
    moves.delete("");
    for (const [names, items] of moves) {
      const target = stateOf(items.map(({ rule, dot }) => ({ rule, dot: dot + 1 })));
      for (const name of names.split("|")) {
        if (state.gotos.has(name)) throw new Error(`two ways to go on after ${name}`);
        state.gotos.set(name, target);
      }
      for (const item of items) {
        const moved = states[target]?.items.find(({ rule, dot }) => rule === item.rule && dot === item.dot + 1);
        if (moved !== undefined) item.feeds.push(moved);
      }
    }
  }
  return states;
}

/** Nullable symbols, and the first tokens of each symbol. @param {Grammar} grammar */
function firstSets({ rules, nonterminals }) {
  /** @type {Set<string>} */
  const nullable = new Set();
  /** @type {Map<string, Set<string>>} */
  const first = new Map(nonterminals.map((name) => [name, new Set()]));
  for (let size = -1; size !== (size = nullable.size + [...first.values()].reduce((sum, set) => sum + set.size, 0)); ) {
    for (const { left, right } of rules) {
      const end = right.findIndex(({ names }) => !names.every((name) => nullable.has(name)));
      if (end === -1) nullable.add(left);
      for (const { names } of right.slice(0, end === -1 ? undefined : end + 1))
        for (const name of names) for (const token of first.get(name) ?? [name]) first.get(left)?.add(token);
    }
  }
  return { nullable, first };
}

/** @param {State[]} states */
function spreadFollow(states) {
  const waiting = new Set(states.flatMap(({ items }) => items));
  for (const item of waiting) {
    waiting.delete(item);
    for (const fed of item.feeds) {
      const { size } = fed.follow;
      for (const token of item.follow) fed.follow.add(token);
      if (fed.follow.size > size) waiting.add(fed);
    }
  }
}

/** @param {State} state @param {number} number @param {Grammar} grammar @param {string[]} conflicts */
function actionsOf(state, number, grammar, conflicts) {
  /** @type {Map<string, Action>} */
  const actions = new Map();
  for (const [name, target] of state.gotos)
    if (!isNonterminal(name)) actions.set(name, { kind: "shift", state: target });
  const reduces = state.items.filter(({ rule, dot }) => grammar.rules[rule]?.right.length === dot);
  for (const { rule, follow } of reduces.sort((a, b) => a.rule - b.rule))
    for (const token of follow) {
      const settled = settle(token, actions.get(token), { kind: "reduce", rule }, grammar);
      if (settled === null)
        conflicts.push(`state ${number}, ${token}: ${JSON.stringify(actions.get(token))} or rule ${rule}`);
      else actions.set(token, settled);
    }
  return actions;
}

/**
 * Resolves a conflict by precedence; null if it does not decide. @param {string} token @param {Action | undefined} held
 * @param {Action & { kind: "reduce" }} reduce @param {Grammar} grammar @returns {Action | null}
 */
function settle(token, held, reduce, grammar) {
  if (held === undefined) return reduce;
  const rule = precedenceOf(grammar.rules[reduce.rule], grammar);
  const other =
    held.kind === "reduce" ? precedenceOf(grammar.rules[held.rule], grammar) : grammar.precedence.get(token);
  if (rule === undefined || other === undefined || held.kind === "error") return null;
  if (rule.level !== other.level) return rule.level > other.level ? reduce : held;
  if (held.kind === "reduce") return null;
  return other.associativity === "left" ? reduce : other.associativity === "right" ? held : { kind: "error" };
}

/** @param {Rule | undefined} rule @param {Grammar} grammar */
function precedenceOf(rule, { precedence }) {
  if (rule === undefined) return undefined;
  if (rule.precedence !== null) return precedence.get(rule.precedence);
  const token = rule.right.flatMap(({ names }) => names).find((name) => precedence.has(name));
  return token === undefined ? undefined : precedence.get(token);
}

/** @param {State} state */
function nonterminalGotos({ gotos }) {
  return new Map([...gotos].filter(([name]) => isNonterminal(name)));
}

/**
 * The most frequent reduction becomes the default action. Keywords that would cause it are tried as names first: that
 * is why `a INTEGER GENERATED ALWAYS AS (1)` has the type INTEGER GENERATED ALWAYS, in SQLite as here.
 * @param {Map<string, Action>} actions @param {Grammar} grammar @returns {number | null}
 */
function takeDefault(actions, { wildcard }) {
  if (actions.get(wildcard)?.kind === "shift") return null;
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const action of actions.values())
    if (action.kind === "reduce") counts.set(action.rule, (counts.get(action.rule) ?? 0) + 1);
  const [best] = [...counts].sort(([a, many], [b, more]) => more - many || a - b);
  if (best === undefined) return null;
  for (const [token, action] of actions) if (action.kind === "reduce" && action.rule === best[0]) actions.delete(token);
  return best[0];
}

/** @param {string} name */
function isNonterminal(name) {
  return /^[a-z]/.test(name);
}
