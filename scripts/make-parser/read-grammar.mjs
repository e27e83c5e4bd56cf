// @ts-check

/**
 * @typedef {{ names: string[], label: string | null }} GrammarSymbol one name, or alternative tokens
 * @typedef {{ left: string, right: GrammarSymbol[], precedence: string | null, action: string | null }} Rule
 * @typedef {{ level: number, associativity: string }} Precedence
 * @typedef {{
 *   rules: Rule[], types: Map<string, string>, fallback: Map<string, string>, wildcard: string,
 *   precedence: Map<string, Precedence>, terminals: string[], nonterminals: string[], start: string,
 * }} Grammar
 */

/** @param {string} text @returns {Grammar} */
export function readGrammar(text) {
  /** @type {Rule[]} */
  const rules = [];
  /** @type {Map<string, string>} */
  const types = new Map();
  /** @type {Map<string, string>} */
  const fallback = new Map();
  /** @type {Map<string, Precedence>} */
  const precedence = new Map();
  let wildcard = "";
  let level = 0;
  let rest = text.replace(/^\/\/.*$/gm, "").trimStart();
  while (rest !== "") {
    const type = /^%type\s+(\w+)\s*\{(.*)\}$/m.exec(rest);
    const directive = /^%(\w+)([^.]*)\./.exec(rest);
    if (rest.startsWith("%type") && type?.index === 0) {
      types.set(type[1] ?? "", type[2] ?? "");
      rest = rest.slice(type[0].length).trimStart();
    } else if (directive !== null) {
      const [whole, name = "", words = ""] = directive;
      const [first = "", ...others] = words.trim().split(/\s+/);
      if (name === "fallback") for (const word of others) fallback.set(word, first);
      else if (name === "wildcard") wildcard = first;
      else {
        level += 1;
        for (const word of [first, ...others]) precedence.set(word, { level, associativity: name });
      }
      rest = rest.slice(whole.length).trimStart();
    } else {
      const { rule, length } = readRule(rest);
      rules.push(rule);
      rest = rest.slice(length).trimStart();
    }
  }
  const nonterminals = [...new Set(rules.map(({ left }) => left))];
  const used = new Set(rules.flatMap(({ right }) => right.flatMap(({ names }) => names)));
  const terminals = [...used].filter((name) => /^[A-Z]/.test(name));
  const unknown = [...used].filter((name) => !/^[A-Z]/.test(name) && !nonterminals.includes(name));
  if (unknown.length > 0) throw new Error(`no rule for ${unknown.join(", ")}`);
  const start = rules[0]?.left ?? "";
  return { rules, types, fallback, wildcard, precedence, terminals, nonterminals, start };
}

/** @param {string} text @returns {{ rule: Rule, length: number }} */
function readRule(text) {
  const head = /^(\w+)\s*::=\s*([^.]*)\.\s*(?:\[(\w+)\])?[ \t]*\n?[ \t]*/.exec(text);
  if (head === null) throw new Error(`no rule: ${text.slice(0, 80)}`);
  const [whole, left = "", right = "", precedence] = head;
  const end = text[whole.length] === "{" ? closingBrace(text, whole.length) : -1;
  return {
    rule: {
      left,
      right: right
        .split(/\s+/)
        .filter((word) => word !== "")
        .map(readSymbol),
      precedence: precedence ?? null,
      action:
        end === -1
          ? null
          : text
              .slice(whole.length + 1, end)
              .trim()
              .replace(/\s*\n\s*/g, " "),
    },
    length: end === -1 ? whole.length : end + 1,
  };
}

/** @param {string} text @returns {GrammarSymbol} */
function readSymbol(text) {
  const match = /^([\w|]+)(?:\((\w+)\))?$/.exec(text);
  if (match === null) throw new Error(`no symbol: ${text}`);
  return { names: (match[1] ?? "").split("|"), label: match[2] ?? null };
}

/** @param {string} text @param {number} open */
function closingBrace(text, open) {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === "{") depth += 1;
    if (text[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  throw new Error(`a brace is not closed: ${text.slice(open, open + 80)}`);
}
