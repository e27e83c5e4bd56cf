import { check } from "../commands/check.ts";
import { UsageError } from "../errors.ts";
import type { ControlCommand } from "../model/control.ts";
import type { Confirm } from "../run/confirmation.ts";
import { type Context, inPhase } from "../run/context.ts";
import { RunSteering, type SteeringHandlers } from "../run/steering/steering.ts";
import { differencesFound } from "../run/verification/check-result.ts";
import { renderCount } from "../status/render-count.ts";

/** Runs a command that others may steer while it works. Within a command that is steered already, it is that one's. */
export async function steered<T>(
  context: Context,
  handlersFor: (own: Context) => SteeringHandlers,
  work: (own: Context) => Promise<T>,
): Promise<T> {
  if (context.steering !== undefined) return work(context);
  // Not a spread: that would open what is opened when first asked for.
  const own = Object.create(context) as Context;
  const steering = new RunSteering(own, handlersFor(own));
  Object.defineProperty(own, "steering", { value: steering });
  try {
    return await work(own);
  } finally {
    await steering.end();
  }
}

/** Compares everything while the sync goes on, for who asked. */
export async function verifyWhenAsked(context: Context, { isGentle = false } = {}): Promise<string> {
  // One process is enough where nobody waits. Not a spread: that would open what is opened when first asked for.
  const own = isGentle ? (Object.create(context, { jobs: { value: 1 } }) as Context) : context;
  const result = await check(inPhase(own, "verify"), { isGentle });
  if (!result.ok) throw differencesFound(result);
  return `${renderCount(result.rows, "row")} compared, no difference`;
}

/** What was confirmed where the request was made. */
export function confirmedAsAsked({ confirmed }: Extract<ControlCommand, { action: "cutover" }>): Confirm {
  return async ({ open }) => {
    if (open.length === 0) return null;
    if (confirmed) return "yes";
    throw new UsageError({
      code: "CONFIRMATION_REQUIRED",
      message: `${renderCount(open.length, "thing")} of the schema came up that nobody has confirmed`,
      hint: "`changeover status` lists them; ask for the cutover again, and confirm them",
    });
  };
}
