/** A tree for reading: what is null, false or empty is left out, and so are places. */
export function showTree(value: unknown, indent = "  "): string {
  if (Array.isArray(value)) return value.map((item) => `\n${indent}- ${showTree(item, `${indent}  `)}`).join("");
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(
    ([key, inner]) =>
      !["kind", "start", "end"].includes(key) &&
      inner !== null &&
      inner !== false &&
      !(Array.isArray(inner) && inner.length === 0),
  );
  if ("text" in value && "quote" in value)
    return `${String(value.text)}${value.quote === null ? "" : ` in ${String(value.quote)}`}`;
  const kind = "kind" in value ? String(value.kind) : "";
  const parts = entries.map(([key, inner]) => {
    const shown = showTree(inner, `${indent}  `);
    return shown.includes("\n") || Array.isArray(inner)
      ? `\n${indent}${key}: ${shown}`
      : ` ${key}=${shown.includes(" ") ? `(${shown})` : shown}`;
  });
  return `${kind}${parts.join("")}`.trimStart();
}
