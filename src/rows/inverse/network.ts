import { decoded } from "../text.ts";
import { type Inverse, textValue } from "./inverse.ts";

/** `host`, or `prefix` where even a whole address has its length. */
export const network: Inverse = {
  formatOf: (raw) => (raw.type === "text" && (decoded(raw.bytes) ?? "").includes("/") ? "prefix" : "host"),
  formats: () => ["host", "prefix"],
  write(targetText, format) {
    const whole = /^([^/]*)(?:\/(32|128))?$/.exec(targetText);
    const host = whole?.[1];
    const isWhole = host !== undefined && (whole?.[2] === undefined || (whole[2] === "128") === host.includes(":"));
    if (!isWhole) return textValue(targetText);
    return textValue(format === "prefix" ? `${host}/${host.includes(":") ? 128 : 32}` : host);
  },
};
