import { ChangeoverError, messageOf } from "../../errors.ts";

/** The message of PostgreSQL or the script, with the line, but without our own text around it. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
  const line = error instanceof ChangeoverError ? error.context["line"] : null;
  return typeof line === "number" ? `line ${line}: ${text}` : text;
}
