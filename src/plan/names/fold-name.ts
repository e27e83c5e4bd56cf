/** How names of the source become names of the target, before anything is in the way. */
export type FoldName = (name: string) => string;

export const keepName: FoldName = (name) => name;

/** `customerID`, `Customer Id` and `customer-id` are `customer_id`: what PostgreSQL takes without quotes. */
export const snakeCase: FoldName = (name) => {
  const words = name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .replace(/[^\p{L}\p{M}\p{N}_]+/gu, "_")
    .toLowerCase();
  // An underscore that the name itself has stays where it is; those that stand for other characters do not lead or end
  // it.
  const inner = words.replace(/_{2,}/g, (run) => (name.includes(run) ? run : "_"));
  const start = /^_/.test(name) ? inner : inner.replace(/^_+/, "");
  const whole = /_$/.test(name) ? start : start.replace(/_+$/, "");
  return /[^_]/.test(whole) ? whole : name;
};
