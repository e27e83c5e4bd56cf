import { ChangeoverError, messageOf } from "../errors.ts";

/** Why a part could not be examined, fit to be shown to strangers. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/**
 * An error for the page. One that quotes a secret or a name of this network is withheld whole: with a gap in place of
 * the word, a reader who knows the sentence would know the word.
 */
export function troubleOf(error: unknown, withheld: readonly string[]): Trouble {
  const code = error instanceof ChangeoverError ? [error.code, ...causeOf(error)].join(" ") : "BUG";
  const hint = error instanceof ChangeoverError ? error.hint : null;
  const quotes = (text: string | null) => text !== null && withheld.some((word) => word !== "" && text.includes(word));
  return {
    code,
    message: quotes(messageOf(error)) ? "withheld, since it names something of yours" : messageOf(error),
    hint: quotes(hint) ? null : hint,
  };
}

/** The system's or the server's own code, such as ECONNREFUSED or 28P01. */
function causeOf({ cause }: ChangeoverError): string[] {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  return typeof code === "string" && /^[A-Z0-9_]{3,40}$/.test(code) ? [code] : [];
}

/** Each way in which a secret may stand in a text. */
export function spellingsOf(secret: string | null | undefined): string[] {
  if (secret === null || secret === undefined || secret === "") return [];
  return [...new Set([secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)])];
}
