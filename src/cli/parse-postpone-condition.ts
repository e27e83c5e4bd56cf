import { resolve } from "node:path";
import type { PostponeCondition } from "../cutover/postpone-condition.ts";
import { UsageError } from "../errors.ts";

/** `file-gone=PATH`, `time=2026-12-24T03:00:00Z`, `lag=100`. */
export function parsePostponeCondition(given: string): PostponeCondition {
  const [, kind = "", value = ""] = /^([a-z-]+)=(.+)$/s.exec(given) ?? [];
  if (kind === "file-gone") return { kind, path: resolve(value) };
  const at = new Date(value);
  if (kind === "time" && !Number.isNaN(at.getTime())) return { kind, at };
  if (kind === "lag" && /^\d+$/.test(value)) return { kind, changes: Number(value) };
  throw new UsageError({
    code: "USAGE",
    message: `--postpone-until does not understand ${given}`,
    hint: "give file-gone=PATH, time=2026-12-24T03:00:00Z, or lag=100; several hold together",
  });
}
