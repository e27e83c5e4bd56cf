import { UsageError } from "../errors.ts";
import type { UndoneFile } from "../schema/backup/forecast-undo.ts";
import { renderCount } from "../status/render-count.ts";
import type { Connections } from "./connections.ts";
import { mayLoseValues, renderForecast } from "./render-forecast.ts";

export interface UndoQuestion {
  readonly files: readonly UndoneFile[];
  readonly command: "down" | "redo";
  readonly options: Readonly<Record<string, unknown>>;
  readonly say: (text: string) => void;
}

/**
 * Shows what `down` or `redo` would undo, and asks on a terminal. Elsewhere only --yes lets values go. Returns what was
 * agreed to, which binds the command; null if --yes agrees to anything.
 */
export async function confirmUndo(
  connections: Connections,
  { command, files, options, say }: UndoQuestion,
): Promise<readonly UndoneFile[] | null> {
  if (files.length === 0) return connections.yes ? null : files;
  const list =
    `${command} undoes ${renderCount(files.length, "migration")}${command === "redo" ? " and applies it again" : ""}` +
    `${files.length === 1 ? "" : ", in this order"}:\n${renderForecast(files)}`;
  if (connections.yes || !connections.isTerminal) say(list);
  if (connections.yes) return null;
  if (connections.isTerminal) {
    await connections.demand(`${list}\n${backupSentence(files, options)}`);
    return files;
  }
  if (mayLoseValues(files))
    throw new UsageError({
      code: "CONFIRMATION_REQUIRED",
      message: `this takes away what ${files.map(({ name }) => name).join(", ")} made, and values with it`,
      hint: "run it again with --yes if that is what you want",
    });
  return files;
}

function backupSentence(files: readonly UndoneFile[], options: UndoQuestion["options"]): string {
  if (!mayLoseValues(files)) return "";
  return options["force"] === true
    ? "What cannot be backed up is lost (--force)."
    : "Tables and columns that go are backed up first.";
}
