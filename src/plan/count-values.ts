/** A number as a person reads it: 300,000. */
export function figure(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

/** `1 value is`, `300,000 values are`. */
export function valuesAre(count: number): string {
  return count === 1 ? "1 value is" : `${figure(count)} values are`;
}

/** `1 value holds`, `12 values hold`. */
export function textsHold(count: number): string {
  return count === 1 ? "1 text holds" : `${figure(count)} texts hold`;
}
