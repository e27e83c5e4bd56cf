/**
 * Random numbers as SQL expressions. SQLite's random() cannot be seeded and its integers turn into
 * floating point when they overflow, so all is done modulo the prime 2^31-1: products of
 * two numbers below it fit in 63 bits.
 */
const PRIME = 2_147_483_647;

/** A CTE `r(n, s)`: n counts 0 … rows-1, s is a random state in 1 … PRIME-1 that no two rows share. */
export function countedRows(rows: number, seed: number, salt: number): string {
  const start = 1 + (((Math.imul(seed, 7919) + Math.imul(salt, 1_048_583)) >>> 0) % (PRIME - 1));
  return `WITH RECURSIVE r(n, s) AS (
    SELECT 0, ${start} WHERE ${rows} > 0 UNION ALL
    SELECT n + 1, s * 48271 % ${PRIME} FROM r WHERE n + 1 < ${rows})`;
}

const MULTIPLIERS = [
  16_807, 69_621, 630_360_016, 742_938_285, 950_706_376, 1_226_874_159, 62_089_911, 1_343_714_438, 39_373,
  1_078_318_301,
];

/** The k-th draw of the row at hand, below `below`. */
export function draw(k: number, below: number): string {
  return `(r.s * ${MULTIPLIERS[k % MULTIPLIERS.length] ?? 1} % ${PRIME} % ${below})`;
}

/** A number below `below` that depends on an expression (and the seed) alone, so that two tables agree on it. */
export function hashOf(expression: string, salt: number, below: number): string {
  return `(((${expression}) * 48271 + ${salt}) % ${PRIME} * 16807 % ${PRIME} % ${below})`;
}

/** A random UUID (version 4) of the row at hand. */
export function drawUuid(): string {
  const bits = (k: number, count: number) => draw(k, 2 ** count);
  const halves = [
    `(${bits(0, 16)} << 16 | ${bits(1, 16)})`,
    bits(2, 16),
    bits(3, 12),
    `(32768 | ${bits(4, 14)})`,
    bits(5, 16),
    `(${bits(6, 16)} << 16 | ${bits(7, 16)})`,
  ];
  return `printf('%08x-%04x-4%03x-%04x-%04x%08x', ${halves.join(", ")})`;
}
