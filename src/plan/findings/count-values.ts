/** A number as a person reads it: 300,000. */
export function figure(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

/** `1 number`, `300,000 numbers`. */
export function counted(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `1 value is`, `300,000 values are`. */
export function valuesAre(count: number): string {
  return `${counted(count, "value")} ${count === 1 ? "is" : "are"}`;
}

/** `1 text holds`, `12 texts hold`. */
export function textsHold(count: number): string {
  return `${counted(count, "text")} hold${count === 1 ? "s" : ""}`;
}
