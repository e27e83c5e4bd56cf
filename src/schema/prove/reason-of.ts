import { ChangeoverError, messageOf } from "../../errors.ts";

/** What PostgreSQL or the script said, without our words around it but the line. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
  const line = error instanceof ChangeoverError ? error.context["line"] : null;
  return typeof line === "number" ? `line ${line}: ${said}` : said;
}
