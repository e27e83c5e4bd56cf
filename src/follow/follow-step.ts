/** Statements of a file's up half, and those that undo them. */
export interface FollowStep {
  readonly up: string;
  readonly down: string;
}

/** What the file says in place of a statement. */
export function note(text: string): FollowStep {
  const line = text.replaceAll(/[\r\n\u2028\u2029]+/g, " ").replaceAll(/--+/g, "-");
  return { up: `-- ${line.charAt(0).toUpperCase()}${line.slice(1)}.`, down: "" };
}
