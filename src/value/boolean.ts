import type { ValueKind } from "./kind.ts";

/** 0 and 1, nothing else: what SQLite's applications take 2 or 'true' for is theirs to say. */
export const boolean: ValueKind = {
  encode: (c) => `CASE ${c} WHEN 1 THEN 't' ELSE 'f' END`,
  refused: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'integer' THEN ${c} NOT IN (0,1) ELSE 1 END`,
  usual: { shape: { kind: "boolean" } },
  matches: (raw, arrived) =>
    raw.type === "integer" && (raw.value === 1n ? arrived === "true" : raw.value === 0n && arrived === "false"),
};
