import { countedRows, draw, drawUuid, hashOf } from "./draw.ts";
import { firstNames, lastNames, permissions, statements, titles, userAgents } from "./sample-texts.ts";

export const PER_USER = { challenges: 3, guesses: 12, sessions: 4, transfers: 4 } as const;
/** Tokens of each user before the first transfer; a user sends at most as many, so no balance is negative. */
export const OPENING_BALANCE = 1_000;

/** What each table is filled with: INSERT … SELECT statements that run wholly inside SQLite. */
export function tableRows(users: number, seed: number): { readonly table: string; readonly sql: string }[] {
  const salt = seed % 1_000_000;
  // Transfer k of each user goes to the user who stands so many places further on.
  const offsets = Array.from({ length: PER_USER.transfers }, (_, k) => 1 + ((salt * 31 + k * 7919) % (users - 1)));
  const amount = (sender: string, k: number | string) =>
    `(1 + ${hashOf(`(${sender}) * 4 + ${k}`, salt, OPENING_BALANCE / PER_USER.transfers)})`;
  const sent = offsets.map((_, k) => amount("r.n", k));
  const received = offsets.map((offset, k) => amount(`(r.n + ${users - offset}) % ${users}`, k));
  const lieOf = (challenge: string) => hashOf(challenge, salt, 3);
  const block = Math.floor((users * PER_USER.challenges) / PER_USER.guesses);

  return [
    {
      table: "users",
      sql: `${countedRows(users, seed, 1)} INSERT INTO users (id, name, email, is_admin, permissions, bio, balance, created_at, updated_at)
        SELECT n + 1, ${pick("first_names", draw(0, firstNames.length))} || ' ' || ${pick("last_names", draw(1, lastNames.length))},
          'player' || (n + 1) || CASE ${draw(2, 8)} WHEN 0 THEN '+test' ELSE '' END || '@example.' || CASE ${draw(3, 3)} WHEN 0 THEN 'com' WHEN 1 THEN 'org' ELSE 'net' END,
          ${draw(4, 200)} = 0, ${pick("permissions", draw(5, permissions.length))}, CASE WHEN ${draw(6, 4)} = 0 THEN ${pick("statements", draw(7, statements.length))} END,
          ${OPENING_BALANCE} - ${sent.join(" - ")} + ${received.join(" + ")}, ${ago(8, 30, 700)}, ${ago(9, 0, 30)} FROM r`,
    },
    {
      table: "challenges",
      sql: `${countedRows(users * PER_USER.challenges, seed, 2)}, q AS MATERIALIZED (SELECT n, s, ${draw(0, 10)} AS state, ${draw(1, statements.length)} AS a FROM r)
        INSERT INTO challenges (id, creator_id, title, status, published_at, view_count, statements, created_at, updated_at)
        SELECT n + 1, n / ${PER_USER.challenges} + 1, ${pick("titles", draw(2, titles.length))} || ' #' || (n + 1),
          CASE WHEN state < 7 THEN 'published' WHEN state < 9 THEN 'draft' ELSE 'archived' END,
          CASE WHEN state NOT IN (7, 8) THEN (${NOW} - ${draw(3, 600 * DAY)}) * 1000 + ${draw(4, 1000)} END, ${draw(5, 100)} * ${draw(6, 100)},
          ${threeStatements(lieOf("n + 1"))}, ${ago(7, 30, 700)}, ${ago(8, 0, 30)} FROM q AS r`,
    },
    {
      table: "guesses",
      // Guess g of a user is among the challenges of block g, so that none is guessed twice.
      sql: `${countedRows(users * PER_USER.guesses, seed, 3)}, q AS MATERIALIZED (SELECT n, s, n % ${PER_USER.guesses} * ${block} + ${draw(0, block)} + 1 AS c, ${draw(1, 3)} AS guess FROM r)
        INSERT INTO guesses (user_id, challenge_id, guessed_index, correct, created_at)
        SELECT n / ${PER_USER.guesses} + 1, c, guess, guess = ${lieOf("c")}, ${ago(2, 0, 600)} FROM q AS r
        WHERE (c - 1) / ${PER_USER.challenges} <> n / ${PER_USER.guesses}`,
    },
    {
      table: "game_sessions",
      // One address in four is IPv6; the last part differs within a user.
      sql: `${countedRows(users * PER_USER.sessions, seed, 4)} INSERT INTO game_sessions (id, user_id, ip_address, user_agent, expires_at)
        SELECT ${drawUuid()}, n / ${PER_USER.sessions} + 1,
          CASE n % 4 WHEN 3 THEN printf('2001:db8:%x:%x::%x', 1 + ${draw(8, 65535)}, 1 + ${draw(9, 65535)}, 1 + ${draw(0, 65535)})
            ELSE printf('%d.%d.%d.%d', 1 + ${draw(8, 222)}, ${draw(9, 256)}, ${draw(0, 256)}, ${draw(1, 64)} * 4 + n % 4) END,
          CASE WHEN ${draw(2, 10)} > 0 THEN ${pick("user_agents", draw(3, userAgents.length))} END, ${NOW} - ${10 * DAY} + ${draw(4, 40 * DAY)} FROM r`,
    },
    {
      table: "token_transactions",
      // Rows 2t and 2t+1 are the two sides of transfer t.
      sql: `${countedRows(users * PER_USER.transfers * 2, seed, 5)}, q AS MATERIALIZED (SELECT n, s, n / 2 AS t, n / ${PER_USER.transfers * 2} AS sender, n / 2 % ${PER_USER.transfers} AS k FROM r)
        INSERT INTO token_transactions (id, user_id, amount, metadata, created_at)
        SELECT ${drawUuid()}, CASE n % 2 WHEN 0 THEN sender ELSE (sender + CASE k ${offsets.map((offset, k) => `WHEN ${k} THEN ${offset}`).join(" ")} END) % ${users} END + 1,
          (n % 2 * 2 - 1) * ${amount("sender", "k")},
          CASE ${hashOf("t", salt, 5)} WHEN 0 THEN NULL WHEN 1 THEN '{"transfer":' || t || ',"kind":"gift","note":' || ${pick("statements_json", hashOf("t", salt, statements.length))} || '}'
            ELSE '{"transfer":' || t || ',"kind":"bet"}' END,
          datetime(${NOW} - ${hashOf("t", salt, 600 * DAY)}, 'unixepoch') FROM q AS r`,
    },
  ];
}

const DAY = 86_400;
/** A fixed moment (2026-01-01), since the same seed must give the same database tomorrow. */
const NOW = 1_767_225_600;

function ago(k: number, least: number, most: number): string {
  return `datetime(${NOW - least * DAY} - ${draw(k, (most - least) * DAY)}, 'unixepoch')`;
}

function pick(words: string, index: string): string {
  return `(SELECT word FROM temp.${words} WHERE i = ${index})`;
}

/** Three different statements, the one at index `lie` being the lie. */
function threeStatements(lie: string): string {
  const index = (shift: string) => `(a + ${shift}) % ${statements.length}`;
  const shifts = ["0", `1 + ${draw(7, 11)}`, `12 + ${draw(9, 11)}`];
  const items = shifts.map(
    (shift, i) =>
      `'{"text":' || ${pick("statements_json", index(shift))} || ',"lie":' || CASE ${lie} WHEN ${i} THEN 'true}' ELSE 'false}' END`,
  );
  return `'[' || ${items.join(" || ',' || ")} || ']'`;
}
