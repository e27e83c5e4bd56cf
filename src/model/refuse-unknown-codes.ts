import { UsageError } from "../errors.ts";
import { nearWords } from "../nearest.ts";
import { FINDING_CODES } from "./finding-code.ts";

/** `QUARANTINED` is no finding: it accepts that rows are in quarantine. */
const ACCEPTABLE: readonly string[] = [...FINDING_CODES, "QUARANTINED"];

/** A mistyped code would accept nothing, and nobody would notice. */
export function refuseUnknownCodes(accept: readonly string[] = []): void {
  for (const entry of accept) {
    const [code = ""] = entry.trim().split(":");
    if (ACCEPTABLE.includes(code.toUpperCase())) continue;
    const near = nearWords(code, ACCEPTABLE);
    throw new UsageError({
      code: "CONFIG_INVALID",
      message: `accept names ${entry.trim() === "" ? "nothing" : entry}, and there is no finding with that code`,
      hint:
        near.length > 0
          ? `did you mean ${near.join(", or ")}?`
          : "`changeover validate` shows the codes of this source, and docs/reference/findings.md all of them",
      context: { code },
    });
  }
}
