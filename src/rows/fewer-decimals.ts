import type { EpochUnit } from "../model/mapping.ts";
import type { Codec } from "./codec.ts";

/**
 * A type with fewer than six decimals of a second, timestamp(0) say: PostgreSQL would round without a word, so what is
 * finer is refused. Its values go by COPY's text alone, where each is asked.
 */
export function withDecimals(
  codec: Codec,
  { decimals, epoch = null }: { readonly decimals: number; readonly epoch?: EpochUnit | null },
): Codec {
  const { encoder } = codec;
  return {
    ...codec,
    encoder: {
      ...encoder,
      rejected: (c) => `CASE WHEN ${encoder.rejected(c)} THEN 1 ELSE ${isFiner(c, decimals, epoch)} END`,
      json: null,
      binary: null,
    },
  };
}

/** SQLite expression, 0 or 1: whether a text, or an integer that counts parts of a second, has more decimals. */
function isFiner(c: string, decimals: number, epoch: EpochUnit | null): string {
  const rest = `substr(${c},instr(${c},'.')+1)`;
  const digits = `substr(${rest},1,length(${rest})-length(ltrim(${rest},'0123456789')))`;
  const parts = { seconds: 0, milliseconds: 3, microseconds: 6 }[epoch ?? "seconds"] - decimals;
  const integer = parts <= 0 ? "0" : `${c}%${10 ** parts}<>0`;
  return (
    `CASE typeof(${c}) WHEN 'text' THEN instr(${c},'.')>0 AND length(rtrim(${digits},'0'))>${decimals} WHEN ` +
    `'integer' THEN ${integer} ELSE 0 END`
  );
}
