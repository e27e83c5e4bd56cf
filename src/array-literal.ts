/**
 * The elements of PostgreSQL's text of an array, `{a,"b c",NULL}`; null for an array of arrays and for any other text.
 * No pattern repeats an alternation: V8 keeps a state for each turn, and its stack ends at some ten million characters.
 */
export function arrayElements(text: string): (string | null)[] | null {
  const elements: (string | null)[] = [];
  let at = text.length - text.trimStart().length;
  if (text[at] !== "{") return null;
  if (match(/\{\s*\}\s*$/y, text, at) !== null) return elements;
  for (;;) {
    at += match(/[{,]\s*/y, text, at)?.length ?? 0;
    const element = text[at] === '"' ? readQuoted(text, at) : readBare(text, at);
    if (element === null) return null;
    elements.push(element.value);
    at = element.end + (match(/\s*/y, text, element.end)?.length ?? 0);
    if (text[at] === ",") continue;
    return match(/\}\s*$/y, text, at) === null ? null : elements;
  }
}

interface Element {
  readonly value: string | null;
  /** The index after it. */
  readonly end: number;
}

function readQuoted(text: string, start: number): Element | null {
  let at = start + 1;
  while (at < text.length) {
    at += match(/[^"\\]*/y, text, at)?.length ?? 0;
    if (text[at] === '"') {
      const value = text.slice(start + 1, at);
      return { value: value.includes("\\") ? value.replaceAll(/\\(.)/gs, "$1") : value, end: at + 1 };
    }
    at += 2;
  }
  return null;
}

function readBare(text: string, start: number): Element | null {
  const value = (match(/[^",{}\\]*/y, text, start) ?? "").trimEnd();
  if (value === "") return null;
  return { value: /^null$/i.test(value) ? null : value, end: start + value.length };
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
