import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf, RefusedError } from "../../errors.ts";
import type { Manifest } from "./manifest.ts";

/** Throws if a file of the backup was changed. */
export async function verifyFiles(directory: string, { tables, columns }: Manifest): Promise<void> {
  for (const { file, sha256 } of [...tables, ...columns]) {
    const hash = createHash("sha256");
    try {
      await pipeline(createReadStream(pathOf(directory, file)), hash);
    } catch (cause) {
      throw damaged(directory, file, messageOf(cause), cause);
    }
    if (hash.digest("hex") !== sha256) throw damaged(directory, file, "its checksum differs");
  }
}

/** A manifest names only files in its own directory. */
export function pathOf(directory: string, file: string): string {
  return join(directory, basename(file));
}

function damaged(directory: string, file: string, why: string, cause?: unknown): RefusedError {
  return new RefusedError({
    code: "RESTORE_DAMAGED",
    message: `${file} of the backup ${directory} is damaged: ${why}. Nothing was restored`,
    hint: "use a copy of the directory; the other files can be loaded by hand: they are COPY text, compressed by gzip",
    context: { directory, file },
    cause,
  });
}
