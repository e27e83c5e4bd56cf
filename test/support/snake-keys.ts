/** Below these stand names of the user's own (columns, tables) and settings of the config, as they are. */
const VERBATIM = ["rules", "row"];

/** Keys of a document that are not in snake_case, each with the way to it. */
export function camelKeysOf(document: unknown, way = ""): string[] {
  if (Array.isArray(document)) return document.flatMap((entry) => camelKeysOf(entry, `${way}[]`));
  if (document === null || typeof document !== "object") return [];
  return Object.entries(document).flatMap(([key, value]) => [
    ...(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(key) ? [] : [`${way}.${key}`]),
    ...(VERBATIM.includes(key) && !Array.isArray(value) ? [] : camelKeysOf(value, `${way}.${key}`)),
  ]);
}

/** The same of all that a command printed with `--json`: one document, or one object a line. */
export function camelKeysPrinted(stdout: string): string[] {
  return stdout.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return camelKeysOf(JSON.parse(line));
    } catch {
      // A process that was killed may leave half a line.
      return [];
    }
  });
}
