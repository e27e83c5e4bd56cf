import { ChangeoverError } from "../errors.ts";

const ANSWER_MS = 1_000;

/** What the target answers; null where it is lost or silent, which takes nothing from a command's own result. */
export async function answerInTime<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ANSWER_MS);
  });
  const answer = asked.catch((error: unknown) => {
    if (error instanceof ChangeoverError && /^TARGET_/.test(error.code)) return null;
    throw error;
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
