import { resolve } from "node:path";
import { UsageError } from "../errors.ts";
import type { When } from "../journey/when.ts";

/** `file-gone=PATH`, `time=2026-12-24T03:00:00Z`, `lag=100`. */
export function parseWhen(given: string): When {
  const [, kind = "", value = ""] = /^([a-z-]+)=(.+)$/s.exec(given) ?? [];
  if (kind === "file-gone") return { kind, path: resolve(value) };
  const at = new Date(value);
  if (kind === "time" && !Number.isNaN(at.getTime())) return { kind, at };
  if (kind === "lag" && /^\d+$/.test(value)) return { kind, changes: Number(value) };
  throw new UsageError({
    code: "USAGE",
    message: `--when does not understand ${given}`,
    hint: "give file-gone=PATH, time=2026-12-24T03:00:00Z, or lag=100; several hold together",
  });
}
