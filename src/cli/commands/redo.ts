import type { RunVerb } from "../run-command.ts";
import { runUndo } from "../run-undo.ts";

export const run: RunVerb = async (command) =>
  runUndo(command, await command.connections.migration("target-only"), "redo");
