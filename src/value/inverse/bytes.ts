import type { Inverse } from "./inverse.ts";

export const bytes: Inverse = {
  formOf: ({ type }) => type,
  forms: () => ["blob", "text"],
  write(arrived, form) {
    const value = new Uint8Array(Buffer.from(arrived.slice(2), "hex"));
    return form === "blob" || form === "text" ? { value: { type: form, bytes: value }, exact: true } : null;
  },
};
