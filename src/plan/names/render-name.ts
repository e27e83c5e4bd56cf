import { DIVIDES_A_FILE, pgName } from "../../quote.ts";
import { RESERVED_WORDS } from "./reserved-words.ts";

/** An identifier as a person would write it: in quotes only where it needs them. */
export function renderName(name: string): string {
  if (DIVIDES_A_FILE.test(name)) return `U&${pgName(name.replaceAll("\\", "\\\\").replaceAll("--", "\\002d-"))}`;
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_WORDS.has(name) ? name : pgName(name);
}

export function renderNames(names: readonly string[]): string {
  return names.map(renderName).join(", ");
}
