import { decoded } from "../text.ts";
import type { Inverse } from "./inverse.ts";

export const bytes: Inverse = {
  formOf: ({ type }) => type,
  // `utf8` is a text only where the bytes are one.
  forms: (affinity) => (affinity === "text" ? ["utf8", "blob", "text"] : ["blob", "text"]),
  write(arrived, form) {
    const value = new Uint8Array(Buffer.from(arrived.slice(2), "hex"));
    if (form === "utf8")
      return value.includes(0) || decoded(value) === null
        ? null
        : { value: { type: "text", bytes: value }, exact: true };
    return form === "blob" || form === "text" ? { value: { type: form, bytes: value }, exact: true } : null;
  },
};
