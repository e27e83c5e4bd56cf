export interface GrammarSymbol {
  readonly names: readonly string[];
  readonly label: string | null;
}

export interface Rule {
  readonly left: string;
  readonly right: readonly GrammarSymbol[];
  readonly precedence: string | null;
  readonly action: string | null;
}

export interface Grammar {
  readonly rules: readonly Rule[];
  readonly types: ReadonlyMap<string, string>;
  readonly fallback: ReadonlyMap<string, string>;
  readonly terminals: readonly string[];
  readonly nonterminals: readonly string[];
}

export function readGrammar(text: string): Grammar;
