import { UsageError } from "../../errors.ts";
import { CONTROL_ACTIONS, CONTROL_MEANING, type ControlAction, type ControlCommand } from "../../model/control.ts";
import { oneOf } from "../one-of.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ positional, output, connections }) => {
  const command = parseControl(positional[0] ?? "");
  const migration = await connections.migration("target-only");
  if (command.action === "cutover" || command.action === "abort")
    await connections.confirm(`asks for ${command.action}. ${meaningOf(command.action)}`);
  const asked = command.action === "cutover" ? { ...command, confirmed: true } : command;
  const { action, answer } = await migration.control(asked);
  output.result(`${action}: ${answer}`, { ok: true, action, answer });
  return 0;
};

function meaningOf(action: ControlAction): string {
  return CONTROL_MEANING[action].replace(/\.$/, "");
}

/** `pause`, `max-rate=500`, `max-rate=none`. */
export function parseControl(text: string): ControlCommand {
  const [name = "", value] = text.split("=");
  const action = oneOf(name, CONTROL_ACTIONS, "control");
  if (action !== "max-rate") {
    if (value !== undefined) throw badControl(`${action} takes no value`);
    return action === "cutover" ? { action, confirmed: false } : { action };
  }
  if (value === "none") return { action, maxRate: null };
  if (!/^[1-9]\d{0,8}$/.test(value ?? "")) throw badControl("max-rate takes a whole number of rows a second, or none");
  return { action, maxRate: Number(value) };
}

function badControl(message: string): UsageError {
  return new UsageError({ code: "USAGE", message, hint: "changeover control max-rate=5000, for example" });
}
