import { firstNames, lastNames, permissions, statements } from "../sample-texts.ts";
import { one, pickByNumber, pickTwoUsers } from "./pick-row.ts";
import type { Write } from "./write.ts";

/** Moves tokens between two users: two balances and two rows of the ledger, all or none. */
export const transfer: Write = {
  kind: "transfer",
  weight: 30,
  async run(tx, random) {
    const users = await pickTwoUsers(tx, random, "id, balance");
    if (users === null) return null;
    const [from, to] = users.map((user) => Number(user["id"])) as [number, number];
    const amount = Math.min(1 + random.below(50), Number(users[0]["balance"]));
    if (amount === 0) return null;
    const move = async (user: number, by: number) =>
      Number(
        (
          await one(
            tx,
            "UPDATE users SET balance = balance + ?, updated_at = CURRENT_TIMESTAMP WHERE id = ? RETURNING balance",
            [by, user],
          )
        )["balance"],
      );
    const balances = { [from]: { balance: await move(from, -amount) }, [to]: { balance: await move(to, amount) } };
    const [out, into] = [random.uuid(), random.uuid()];
    const metadata = JSON.stringify({
      transfer: out,
      kind: random.pick(["bet", "gift", "tip"]),
      note: random.pick(statements),
    });
    await tx.execute({
      sql: "INSERT INTO token_transactions (id, user_id, amount, metadata) VALUES (?, ?, ?, ?), (?, ?, ?, ?)",
      args: [out, from, -amount, metadata, into, to, amount, metadata],
    });
    return {
      wrote: {
        users: balances,
        token_transactions: { [out]: { user_id: from, amount: -amount }, [into]: { user_id: to, amount } },
      },
    };
  },
};

/** Newcomers start with nothing: tokens only move. */
export const signUp: Write = {
  kind: "sign-up",
  weight: 5,
  async run(tx, random) {
    const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
    const email = `${random.uuid()}@example.com`;
    const bio = random.below(3) === 0 ? random.pick(statements) : null;
    const { id } = await one(tx, "INSERT INTO users (name, email, permissions, bio) VALUES (?, ?, ?, ?) RETURNING id", [
      name,
      email,
      JSON.stringify(random.pick<readonly string[]>(permissions)),
      bio,
    ]);
    return { wrote: { users: { [Number(id)]: { name, email, bio, balance: 0 } } } };
  },
};

/** Two users swap their unique e-mail addresses; in between, one has a temporary address that nobody outside ever sees. */
export const swapEmails: Write = {
  kind: "swap-emails",
  weight: 3,
  async run(tx, random) {
    const users = await pickTwoUsers(tx, random, "id, email");
    if (users === null) return null;
    const [a, b] = users.map((user) => ({ id: Number(user["id"]), email: String(user["email"]) })) as [
      { id: number; email: string },
      { id: number; email: string },
    ];
    const set = (email: string, id: number) =>
      tx.execute({ sql: "UPDATE users SET email = ?, updated_at = CURRENT_TIMESTAMP WHERE id = ?", args: [email, id] });
    await set(`swapping-${random.uuid()}@example.com`, a.id);
    await set(a.email, b.id);
    await set(b.email, a.id);
    return { wrote: { users: { [a.id]: { email: b.email }, [b.id]: { email: a.email } } } };
  },
};

export const editProfile: Write = {
  kind: "edit-profile",
  weight: 5,
  async run(tx, random) {
    const user = await pickByNumber(tx, random, "users", "id");
    if (user === null) return null;
    const bio = random.below(4) === 0 ? null : random.pick(statements);
    const id = Number(user["id"]);
    await tx.execute({
      sql: "UPDATE users SET bio = ?, is_admin = 1 - is_admin, updated_at = CURRENT_TIMESTAMP WHERE id = ?",
      args: [bio, id],
    });
    return { wrote: { users: { [id]: { bio } } } };
  },
};
