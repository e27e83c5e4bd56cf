import type { SchemaChange } from "../model/schema-change.ts";

/** What a file that follows changes is called, behind its number: `follow-add-users-phone`. */
export function followName(changes: readonly SchemaChange[]): string {
  const [only] = changes;
  const words = changes.length === 1 && only !== undefined ? wordsOf(only) : tablesOf(changes);
  const plain = words
    .flatMap((word) => word.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .join("-")
    .slice(0, 60)
    .replace(/-+$/, "");
  return `follow-${plain === "" ? "schema" : plain}`;
}

function tablesOf(changes: readonly SchemaChange[]): string[] {
  const names = [...new Set(changes.map((change) => ("table" in change ? change.table : change.view)))];
  return names.length <= 3 ? names : [...names.slice(0, 3), `and-${names.length - 3}-more`];
}

const VERBS: Readonly<Record<string, string>> = {
  created: "create",
  added: "add",
  dropped: "drop",
  renamed: "rename",
  changed: "change",
  rebuilt: "rebuild",
};

function wordsOf(change: SchemaChange): string[] {
  const verb = VERBS[change.kind.slice(change.kind.lastIndexOf("-") + 1)] ?? "change";
  if ("view" in change) return [verb, change.view];
  const object =
    "column" in change
      ? [change.table, change.column]
      : "index" in change
        ? [change.index]
        : "trigger" in change
          ? [change.trigger]
          : [change.table];
  return [verb, ...object];
}

/** Whether a migration file is one that a sync wrote to follow its source. */
export function isFollowFile(name: string): boolean {
  return /^\d+[-_]follow-/.test(name);
}
