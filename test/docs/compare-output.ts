import type { RanCommand } from "./run-page.ts";

/**
 * Null if a command printed what its page says, else both. A line `…` of the page is any number of lines, `…` within
 * one any text.
 */
export function differenceOf({ page, line, command, expected, actual }: RanCommand): string | null {
  const wanted = normalised(expected);
  const found = normalised(actual);
  return failed(expected) === failed(actual) && agree(wanted, found)
    ? null
    : [`${page}:${line}: $ ${command}`, "the page says:", ...wanted, "it printed:", ...found].join("\n");
}

/** The line of an exit code. A page says it of each command that fails: `…` does not hide it. */
function failed(lines: readonly string[]): string | null {
  const last = lines.at(-1) ?? "";
  return last.startsWith("exit code ") ? last : null;
}

/** Times, sizes and counts differ from run to run; that there is no difference does not. */
function normalised(lines: readonly string[]): string[] {
  return lines
    .map((text) =>
      text
        .replace(/postgres(ql)?:\/\/\S+/g, "postgres://…")
        .replace(/\b\S+@\S+ as \S+/g, "somebody")
        .replace(/owned by \w+/g, "owned by somebody")
        .replace(/\b0 differences/g, "no differences")
        .replace(/\d{8}T\d{6}Z/g, "#")
        .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+Z)?/g, "#")
        .replace(/\d[\d,]*(\.\d+)?( ?(ms|min|s|h|MB|kB))?\b/g, "#")
        .replace(/\s+/g, " ")
        .trimEnd(),
    )
    .filter((text) => text !== "");
}

function agree(wanted: readonly string[], found: readonly string[]): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return found.length === 0;
  if (first === "…") return found.some((_, index) => agree(rest, found.slice(index))) || agree(rest, []);
  return found[0] !== undefined && matches(first, found[0]) && agree(rest, found.slice(1));
}

function matches(wanted: string, found: string): boolean {
  const pattern = wanted.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(found);
}
