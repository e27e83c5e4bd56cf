import { ACTIONS, FALLBACK, GOTOS, REDUCE, type Reduce, RULES, START, TERMINALS, WILDCARD } from "./tables.ts";

export type Action =
  | { readonly kind: "shift"; readonly state: number }
  | { readonly kind: "reduce"; readonly rule: number }
  | { readonly kind: "error" };

export interface Automaton {
  readonly actionOf: (state: number, token: string) => Action;
  readonly reduce: (rule: number) => {
    /** The state after the rule's left side, from the one before it; null: that was the whole. */
    readonly left: (state: number) => number | null;
    readonly length: number;
    readonly work: Reduce | null;
  };
}

let made: Automaton | undefined;

/** The tables of the grammar, unpacked at first use: a few milliseconds that most commands need not spend. */
export function automaton(): Automaton {
  made ??= unpack();
  return made;
}

/** The end of the text, which is not any token. */
const END = "$";

const ERROR: Action = { kind: "error" };

function unpack(): Automaton {
  const actions = ACTIONS.map(unpackActions);
  const gotos = GOTOS.map(
    (row) => new Map(row === "" ? [] : row.split(",").map((entry) => numbers(entry) as [number, number])),
  );
  const rules = RULES.map((rule, index) => {
    const [symbol = 0, length = 0] = numbers(rule);
    const left = (state: number) => (symbol === START ? null : (gotos[state]?.get(symbol) ?? null));
    return { left, length, work: REDUCE[index] ?? null };
  });
  return {
    actionOf(state, token) {
      const { listed, otherwise } = actions[state] ?? { listed: new Map<string, Action>(), otherwise: ERROR };
      const fallback = FALLBACK.get(token);
      return (
        listed.get(token) ??
        (fallback === undefined ? undefined : listed.get(fallback)) ??
        (token === END ? undefined : listed.get(WILDCARD)) ??
        otherwise
      );
    },
    reduce(rule) {
      const found = rules[rule];
      if (found === undefined) throw new Error(`the grammar has no rule ${rule}`);
      return found;
    },
  };
}

function unpackActions(row: string): { readonly listed: ReadonlyMap<string, Action>; readonly otherwise: Action } {
  const [otherwise = "0", ...groups] = row.split(",");
  const listed = new Map<string, Action>();
  for (const group of groups) {
    const [code = 0, ...tokens] = numbers(group);
    for (const token of tokens) listed.set(TERMINALS[token] ?? "", actionOfCode(code));
  }
  return { listed, otherwise: actionOfCode(Number.parseInt(otherwise, 36)) };
}

function actionOfCode(code: number): Action {
  if (code < 2) return ERROR;
  return code % 2 === 0 ? { kind: "shift", state: (code - 2) / 2 } : { kind: "reduce", rule: (code - 3) / 2 };
}

function numbers(text: string): number[] {
  return text.split(" ").map((word) => Number.parseInt(word, 36));
}
