import { RefusedError } from "../errors.ts";
import { copySource, refuseCopy, type SourceCopy } from "../source/copy-source.ts";
import { renderBytes, renderDuration } from "../status/render-count.ts";
import type { Context } from "./context.ts";

/** Asks for a copy of the source before the first write. */
export interface BackupOptions {
  /** A file that is not there yet: all of the source is copied into it before the first write to either side. */
  readonly backup?: string;
}

/** The copy of the source that a person asked for, made once and before anything is written to either side. */
export interface SourceBackup {
  /** What was made; null until then. */
  readonly made: SourceCopy | null;
  /** To be called before the first write. */
  beforeFirstWrite(): Promise<void>;
  /** To be called where a run is there already: what was written before this process cannot be copied around. */
  refuseLate(): void;
}

/** Refuses at once what cannot become a backup. */
export async function backupOf(context: Context, { backup }: BackupOptions): Promise<SourceBackup | undefined> {
  return backup === undefined ? undefined : backUpSource(context, backup);
}

async function backUpSource(context: Context, file: string): Promise<SourceBackup> {
  await refuseCopy(context.source, file);
  let made: SourceCopy | null = null;
  return {
    get made() {
      return made;
    },
    async beforeFirstWrite() {
      if (made !== null) return;
      context.report({
        kind: "step",
        message: `backing up ${context.source.location} to ${file} before anything is written`,
      });
      made = await copySource(context.source, file, context.report);
      context.report({
        kind: "step",
        message: `backup: ${made.file}, ${renderBytes(made.bytes)}, found sound, in ${renderDuration(made.durationMs)}`,
      });
    },
    refuseLate() {
      if (made !== null) return;
      throw new RefusedError({
        code: "BACKUP_LATE",
        message: "this run has begun already: a backup taken now would not be of the source as it was before",
        hint:
          "leave out --backup to go on; `changeover rollback` undoes the run, and the next one can begin " +
          "with a backup",
      });
    },
  };
}
