import { expect, it } from "vitest";
import { CONTROL_ACTIONS, type ControlAction, controlRefusal } from "../../src/model/control.ts";
import type { Phase } from "../../src/model/run.ts";

/** What each phase allows, written down a second time. */
const ALLOWED: Readonly<Record<Phase, readonly ControlAction[]>> = {
  new: [],
  copying: ["pause", "resume", "max-rate", "abort"],
  syncing: ["pause", "resume", "max-rate", "verify", "cutover", "abort"],
  "cutting-over": [],
  "cut-over": ["pause", "resume", "max-rate", "abort"],
  returned: [],
  "rolling-back": [],
};

it.each(Object.entries(ALLOWED))("what may be asked of a run that is %s", (phase, allowed) => {
  const found = CONTROL_ACTIONS.filter((action) => controlRefusal(action, phase as Phase) === null);
  expect(found).toEqual(allowed);
});

it("gives a reason for what is not allowed", () => {
  expect(controlRefusal("cutover", "copying")).toBe("the copy has not ended yet");
  for (const phase of Object.keys(ALLOWED))
    for (const action of CONTROL_ACTIONS) expect(controlRefusal(action, phase as Phase)).not.toBe("");
});
