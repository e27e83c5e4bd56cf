import { existsSync } from "node:fs";

/** What a postponed cutover waits for. */
export type PostponeCondition =
  | { readonly kind: "file-gone"; readonly path: string }
  | { readonly kind: "time"; readonly at: Date }
  /** Changes that the target does not hold yet, at most. */
  | { readonly kind: "lag"; readonly changes: number };

export function holds(when: PostponeCondition, lag: number, now = new Date()): boolean {
  switch (when.kind) {
    case "file-gone":
      return !existsSync(when.path);
    case "time":
      return now >= when.at;
    case "lag":
      return lag <= when.changes;
  }
}

/** `until the file x is gone`, to stand after "waits". */
export function renderPostponeCondition(when: PostponeCondition): string {
  switch (when.kind) {
    case "file-gone":
      return `until the file ${when.path} is gone`;
    case "time":
      return `until ${when.at.toISOString()}`;
    case "lag":
      return `until the target is at most ${when.changes} changes behind`;
  }
}
