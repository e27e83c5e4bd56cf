import { TargetError } from "./errors.ts";

/**
 * Does `work`, and gives it up as a lost connection when it takes longer: for answers that nobody may be waiting long
 * for.
 */
export async function inTime<T>(work: () => Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(ms)), ms);
  });
  const done = work();
  done.catch(() => {});
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

function silent(ms: number): TargetError {
  return new TargetError({
    code: "TARGET_LOST",
    message: `the target did not answer within ${ms / 1_000} s`,
    hint: "run the same command again as soon as the target can be reached: it goes on from where it stopped",
  });
}
