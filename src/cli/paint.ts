/** Colors by what they mean. Not node:util's styleText, which looks at stdout where we write to stderr. */
const CODES = { green: 32, yellow: 33, cyan: 36, dim: 2 } as const;

export function paint(color: keyof typeof CODES, text: string): string {
  return `\u001b[${CODES[color]}m${text}\u001b[0m`;
}
