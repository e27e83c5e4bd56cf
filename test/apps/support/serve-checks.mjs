/** Runs each named check, and says which failed and why. */
export async function runChecks(checks) {
  const results = [];
  for (const [name, check] of checks) {
    let error = null;
    try {
      await check();
    } catch (failed) {
      error = String(failed?.message ?? failed).slice(0, 300);
    }
    results.push({ name, error });
  }
  return results;
}

export function assert(condition, message) {
  if (!condition) throw new Error(typeof message === "string" ? message : JSON.stringify(message));
}

/** What an operation says when it is refused; fails where it is not. */
export async function refusal(work) {
  const said = await work().then(
    () => null,
    (error) => String(error.message),
  );
  assert(said !== null, "it was not refused");
  return said;
}
