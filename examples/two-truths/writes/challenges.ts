import { statements, titles } from "../sample-texts.ts";
import { one, pickByNumber } from "./pick-row.ts";
import type { Write } from "./write.ts";

export const createChallenge: Write = {
  kind: "create-challenge",
  weight: 8,
  async run(tx, random) {
    const creator = await pickByNumber(tx, random, "users", "id");
    if (creator === null) return null;
    const lie = random.below(3);
    const three = JSON.stringify([0, 1, 2].map((i) => ({ text: random.pick(statements), lie: i === lie })));
    const title = `${random.pick(titles)} (new)`;
    const { id } = await one(
      tx,
      "INSERT INTO challenges (creator_id, title, statements) VALUES (?, ?, ?) RETURNING id",
      [Number(creator["id"]), title, three],
    );
    return { wrote: { challenges: { [Number(id)]: { creator_id: Number(creator["id"]), title } } } };
  },
};

/** Publishes a draft, archives what is published, publishes again what is archived. */
export const changeStatus: Write = {
  kind: "change-status",
  weight: 6,
  async run(tx, random) {
    const challenge = await pickByNumber(tx, random, "challenges", "id, status");
    if (challenge === null) return null;
    const id = Number(challenge["id"]);
    const status = challenge["status"] === "published" ? "archived" : "published";
    const sql =
      "UPDATE challenges SET status = ?, published_at = coalesce(published_at, ?), updated_at = CURRENT_TIMESTAMP WHERE id = ?";
    await tx.execute({ sql, args: [status, Date.now(), id] });
    return { wrote: { challenges: { [id]: { status } } } };
  },
};

export const view: Write = {
  kind: "view",
  weight: 15,
  async run(tx, random) {
    const challenge = await pickByNumber(tx, random, "challenges", "id");
    if (challenge === null) return null;
    const id = Number(challenge["id"]);
    const { view_count } = await one(
      tx,
      "UPDATE challenges SET view_count = view_count + 1 WHERE id = ? RETURNING view_count",
      [id],
    );
    return { wrote: { challenges: { [id]: { view_count: Number(view_count) } } } };
  },
};

/** Guesses, or changes the guess made before: an upsert on the unique pair. */
export const guess: Write = {
  kind: "guess",
  weight: 20,
  async run(tx, random) {
    const user = await pickByNumber(tx, random, "users", "id");
    const challenge = await pickByNumber(tx, random, "challenges", "id, statements");
    if (user === null || challenge === null) return null;
    const guessed = random.below(3);
    const { id } = await one(
      tx,
      `INSERT INTO guesses (user_id, challenge_id, guessed_index, correct) VALUES (?1, ?2, ?3, json_extract(?4, '$[' || CAST(?3 AS INTEGER) || '].lie'))
       ON CONFLICT (user_id, challenge_id) DO UPDATE SET guessed_index = excluded.guessed_index, correct = excluded.correct RETURNING id`,
      [Number(user["id"]), Number(challenge["id"]), guessed, String(challenge["statements"])],
    );
    return {
      wrote: {
        guesses: {
          [Number(id)]: { user_id: Number(user["id"]), challenge_id: Number(challenge["id"]), guessed_index: guessed },
        },
      },
    };
  },
};

/** Takes the guesses along, by cascade. */
export const deleteChallenge: Write = {
  kind: "delete-challenge",
  weight: 2,
  async run(tx, random) {
    const challenge = await pickByNumber(tx, random, "challenges", "id");
    if (challenge === null) return null;
    const id = Number(challenge["id"]);
    const guesses = (await tx.execute({ sql: "SELECT id FROM guesses WHERE challenge_id = ?", args: [id] })).rows.map(
      (row) => Number(row["id"]),
    );
    await tx.execute({ sql: "DELETE FROM challenges WHERE id = ?", args: [id] });
    return { deleted: { challenges: [id], guesses } };
  },
};
