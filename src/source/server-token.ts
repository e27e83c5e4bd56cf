/** When a token ends, as it says itself; null where it is none of JWT's form, or never ends. Nothing is verified. */
export function tokenEnd(token: string | undefined): Date | null {
  const [, payload] = token?.split(".") ?? [];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    if (typeof claims !== "object" || claims === null || !("exp" in claims)) return null;
    return typeof claims.exp === "number" ? new Date(claims.exp * 1_000) : null;
  } catch {
    return null;
  }
}
