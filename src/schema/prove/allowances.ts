import { MigrationFileError } from "../../errors.ts";
import { PROOF_CODES, type ProofCode } from "./proof-code.ts";

/** `-- changeover: allow CODE`, or `allow CODE object`: a finding that the author of a file accepts. */
export interface Allowance {
  readonly code: ProofCode;
  /** Accept only findings that name this object; null: all. */
  readonly object: string | null;
}

/** The findings that comments of a migration file accept, in SQL or in a script. */
export function allowancesOf({ file, text }: { readonly file: string; readonly text: string }): Allowance[] {
  return [...text.matchAll(/^\s*(?:--|\/\/|\/?\*)\s*changeover:\s*allow\s+(\S+)[ \t]*([^\n*]*)/gim)].map(
    ([, given = "", object = ""]) => {
      const code = PROOF_CODES.find((candidate) => candidate === given.toUpperCase());
      if (code === undefined) {
        throw new MigrationFileError({
          code: "ALLOW_UNKNOWN",
          message: `${file} allows ${given}, which is not one of changeover's codes`,
          hint: `docs/guides/prove.md lists them; did you mean one of: ${PROOF_CODES.join(", ")}?`,
          context: { file },
        });
      }
      return { code, object: object.trim() === "" ? null : object.trim() };
    },
  );
}

/** Whether an allowance covers a finding about an object, or a catalogue line that names it. */
export function isAllowed(allowances: readonly Allowance[], code: ProofCode, text: string): boolean {
  return allowances.some(
    (allowance) => allowance.code === code && (allowance.object === null || text.includes(allowance.object)),
  );
}
