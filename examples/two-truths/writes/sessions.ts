import type { Transaction } from "@libsql/client";
import type { Random } from "../random.ts";
import { userAgents } from "../sample-texts.ts";
import { pickByNumber, pickSession } from "./pick-row.ts";
import type { Effect, Write } from "./write.ts";

export const logIn: Write = {
  kind: "log-in",
  weight: 10,
  async run(tx, random) {
    const user = await pickByNumber(tx, random, "users", "id");
    return user === null ? null : replaceSession(tx, random, random.uuid(), Number(user["id"]), random.address());
  },
};

/** From an address that has a session: REPLACE removes the old row, whose key this statement does not even name. */
export const logInAgain: Write = {
  kind: "log-in-again",
  weight: 6,
  async run(tx, random) {
    const session = await pickSession(tx, random);
    return session === null
      ? null
      : replaceSession(tx, random, random.uuid(), Number(session["user_id"]), String(session["ip_address"]));
  },
};

/** The same session from a new address: REPLACE on the primary key. */
export const roam: Write = {
  kind: "roam",
  weight: 5,
  async run(tx, random) {
    const session = await pickSession(tx, random);
    return session === null
      ? null
      : replaceSession(tx, random, String(session["id"]), Number(session["user_id"]), random.address());
  },
};

export const logOut: Write = {
  kind: "log-out",
  weight: 5,
  async run(tx, random) {
    const session = await pickSession(tx, random);
    if (session === null) return null;
    const id = String(session["id"]);
    await tx.execute({ sql: "DELETE FROM game_sessions WHERE id = ?", args: [id] });
    return { deleted: { game_sessions: [id] } };
  },
};

async function replaceSession(
  tx: Transaction,
  random: Random,
  id: string,
  user: number,
  address: string,
): Promise<Effect> {
  const replaced = await tx.execute({
    sql: "SELECT id FROM game_sessions WHERE user_id = ? AND ip_address = ? AND id <> ?",
    args: [user, address, id],
  });
  const expires = Math.floor(Date.now() / 1000) + 86_400 * (1 + random.below(30));
  const agent = random.below(10) === 0 ? null : random.pick(userAgents);
  await tx.execute({
    sql: "INSERT OR REPLACE INTO game_sessions (id, user_id, ip_address, user_agent, expires_at) VALUES (?, ?, ?, ?, ?)",
    args: [id, user, address, agent, expires],
  });
  return {
    ...(replaced.rows.length === 0
      ? {}
      : { deleted: { game_sessions: replaced.rows.map((row) => String(row["id"])) } }),
    wrote: { game_sessions: { [id]: { user_id: user, ip_address: address, user_agent: agent } } },
  };
}
