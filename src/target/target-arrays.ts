import type postgres from "postgres";
import { arrayElements } from "../array-literal.ts";

const TEXT = { oids: [1009, 1002, 1003, 1014, 1015, 1016, 2951], parse: (text: string): unknown => text };
const BOOLEAN = { oids: [1000], parse: (text: string): unknown => text === "t" };
const NUMBER = { oids: [1005, 1007, 1028], parse: (text: string): unknown => Number(text) };

/**
 * Parsers of array types, for postgres.js' option `types`. postgres.js could ask the server for them on connect, but if
 * the connection breaks then, nobody catches the error and the process ends (3.4.9).
 */
export const ARRAY_TYPES: Record<string, postgres.PostgresType> = Object.fromEntries(
  [TEXT, NUMBER, BOOLEAN].map(({ oids, parse }, index) => [
    `array${index}`,
    {
      to: oids[0] ?? 0,
      from: oids,
      serialize: String,
      parse: (text: string) => (arrayElements(text) ?? []).map((element) => (element === null ? null : parse(element))),
    },
  ]),
);
