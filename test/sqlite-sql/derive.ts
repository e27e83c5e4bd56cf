import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Grammar, type Rule, readGrammar } from "../../scripts/make-parser/read-grammar.mjs";
import { KEYWORDS } from "../../src/sqlite-sql/keywords.ts";

export type { Rule };

const GRAMMAR = fileURLToPath(new URL("../../src/sqlite-sql/sqlite.grammar", import.meta.url));

const grammar: Grammar = readGrammar(readFileSync(GRAMMAR, "utf8"));

/** Tokens whose text is not their name. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  ID: ["a", "b", "t", "u", '"q d"', "[b r]", "`t k`", "x1", "ä", "abort", "key", "replace", "rows", "strict", "rowid"],
  STRING: ["'s'", "'it''s'", "''", "'stored'"],
  INTEGER: ["1", "0", "42", "0x1F"],
  FLOAT: ["1.5", ".5", "2.", "1e5", "3.0E-2"],
  QNUMBER: ["1_000", "1_0.5_0"],
  BLOB: ["x''", "X'00ff'"],
  VARIABLE: ["?", "?2", ":a", "@a", "$a", "$a::b(c)"],
  ANY: ["a", "=", "'x'", "1", "select"],
  EQ: ["=", "=="],
  NE: ["<>", "!="],
  PTR: ["->", "->>"],
  CONCAT: ["||"],
  LSHIFT: ["<<"],
  RSHIFT: [">>"],
  LE: ["<="],
  GE: [">="],
  LT: ["<"],
  GT: [">"],
  MINUS: ["-"],
  PLUS: ["+"],
  STAR: ["*"],
  SLASH: ["/"],
  REM: ["%"],
  BITOR: ["|"],
  BITAND: ["&"],
  BITNOT: ["~"],
  DOT: ["."],
  COMMA: [","],
  SEMI: [";"],
  LP: ["("],
  RP: [")"],
};

const WORDS = new Map<string, string[]>();
for (const [word, token] of KEYWORDS) WORDS.set(token, [...(WORDS.get(token) ?? []), word]);

const CHEAPEST = cheapest();

/**
 * A text that the grammar makes from a symbol: each number of the tape chooses a rule or a spelling; after its end the
 * shortest way out is taken. So fast-check can make statements smaller.
 */
export function derive(symbol: string, tape: readonly number[], allows: (rule: Rule) => boolean = () => true): string {
  let next = 0;
  const take = (): number | undefined => tape[next++];
  const words: string[] = [];
  const walk = (name: string, depth: number): void => {
    if (/^[A-Z]/.test(name)) {
      const texts = TEXTS[name] ?? WORDS.get(name) ?? [name];
      words.push(texts[(take() ?? 0) % texts.length] ?? name);
      return;
    }
    const choice = depth > 24 ? undefined : take();
    const rules = grammar.rules.filter((rule) => rule.left === name && allows(rule));
    const rule = choice === undefined ? shortest(rules) : rules[choice % rules.length];
    for (const { names } of rule?.right ?? []) walk(names[(take() ?? 0) % names.length] ?? "", depth + 1);
  };
  walk(symbol, 0);
  return words.join(" ");
}

function shortest(rules: readonly Rule[]): Rule | undefined {
  return [...rules].sort((a, b) => cost(a) - cost(b))[0];
}

function cost({ right }: Rule): number {
  return right.reduce((sum, { names }) => sum + (CHEAPEST.get(names[0] ?? "") ?? 1), 0);
}

/** The least number of tokens that a symbol needs. */
function cheapest(): ReadonlyMap<string, number> {
  const costs = new Map<string, number>(grammar.nonterminals.map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { left, right } of grammar.rules) {
      const sum = right.reduce((total, { names }) => total + (costs.get(names[0] ?? "") ?? 1), 0);
      if (sum >= (costs.get(left) ?? 0)) continue;
      costs.set(left, sum);
      changed = true;
    }
  }
  return costs;
}
