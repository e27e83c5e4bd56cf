import type { Random } from "../random.ts";
import { changeStatus, createChallenge, deleteChallenge, guess, view } from "./challenges.ts";
import { logIn, logInAgain, logOut, roam } from "./sessions.ts";
import { editProfile, signUp, swapEmails, transfer } from "./users.ts";
import type { Write } from "./write.ts";

/** One of the kinds of writes, by weight. */
export function chooseWrite(random: Random): Write {
  let left = random.below(TOTAL);
  return WRITES.find((write) => (left -= write.weight) < 0) ?? transfer;
}

const WRITES: readonly Write[] = [
  transfer,
  signUp,
  swapEmails,
  editProfile,
  createChallenge,
  changeStatus,
  view,
  guess,
  deleteChallenge,
  logIn,
  logInAgain,
  roam,
  logOut,
];
const TOTAL = WRITES.reduce((sum, write) => sum + write.weight, 0);
