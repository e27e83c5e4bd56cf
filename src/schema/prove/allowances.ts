import { MigrationFileError } from "../../errors.ts";
import { PROOF_CODES, type ProofCode } from "./proof-code.ts";

/** `-- changeover: allow CODE`, or `allow CODE object`: what a file's author knows of and takes. */
export interface Allowance {
  readonly code: ProofCode;
  /** Only what names this; null for all. */
  readonly object: string | null;
}

/** What the comments of a migration file allow, in SQL or in a script. */
export function allowancesOf({ file, text }: { readonly file: string; readonly text: string }): Allowance[] {
  return [...text.matchAll(/^\s*(?:--|\/\/|\/?\*)\s*changeover:\s*allow\s+(\S+)[ \t]*([^\n*]*)/gim)].map(
    ([, given = "", object = ""]) => {
      const code = PROOF_CODES.find((candidate) => candidate === given.toUpperCase());
      if (code === undefined) {
        throw new MigrationFileError({
          code: "ALLOW_UNKNOWN",
          message: `${file} allows ${given}, which is no code of changeover's`,
          hint: `docs/guides/prove.md lists them; did you mean one of: ${PROOF_CODES.join(", ")}?`,
          context: { file },
        });
      }
      return { code, object: object.trim() === "" ? null : object.trim() };
    },
  );
}

/** Whether one of the allowances covers what is said of an object, or of what a line of text names. */
export function isAllowed(allowances: readonly Allowance[], code: ProofCode, said: string): boolean {
  return allowances.some(
    (allowance) => allowance.code === code && (allowance.object === null || said.includes(allowance.object)),
  );
}
