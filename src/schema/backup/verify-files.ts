import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf, RefusedError } from "../../errors.ts";
import type { Manifest } from "./manifest.ts";

/** Throws where a file of the backup is not what was written. */
export async function verifyFiles(directory: string, { tables, columns }: Manifest): Promise<void> {
  for (const { file, sha256 } of [...tables, ...columns]) {
    const hash = createHash("sha256");
    try {
      await pipeline(createReadStream(pathOf(directory, file)), hash);
    } catch (cause) {
      throw damaged(directory, file, messageOf(cause), cause);
    }
    if (hash.digest("hex") !== sha256) throw damaged(directory, file, "its content is not what was written");
  }
}

/** A manifest names files beside it, and no others. */
export function pathOf(directory: string, file: string): string {
  return join(directory, basename(file));
}

function damaged(directory: string, file: string, why: string, cause?: unknown): RefusedError {
  return new RefusedError({
    code: "RESTORE_DAMAGED",
    message: `${file} of the backup ${directory} is damaged: ${why}. Nothing was restored`,
    hint: "take the directory from a copy of it; what is in the other files can be loaded by hand: they are COPY text, compressed by gzip",
    context: { directory, file },
    cause,
  });
}
