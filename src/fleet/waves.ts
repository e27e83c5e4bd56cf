/** How tenants are put into waves. */
export interface WaveSizes {
  /** Tenants of wave 0, which goes first. */
  readonly canary: number;
  /** Tenants of each later wave. */
  readonly size: number;
}

interface Sized {
  readonly name: string;
  readonly bytes: number | null;
  readonly odd: readonly string[] | null;
  readonly wave?: number;
}

/**
 * Waves by size of the file: the smallest are the canary, the largest come last. A wave that was given stays. Odd ones
 * take no place: they do not go.
 */
export function assignWaves<T extends Sized>(
  tenants: readonly T[],
  { canary, size }: WaveSizes,
): (T & { readonly wave: number })[] {
  const bySize = [...tenants].sort(
    (one, other) => (one.bytes ?? 0) - (other.bytes ?? 0) || (one.name < other.name ? -1 : 1),
  );
  let position = 0;
  return bySize.map((tenant) => {
    if (tenant.wave !== undefined || tenant.odd !== null) return { ...tenant, wave: tenant.wave ?? 0 };
    const place = position++;
    return { ...tenant, wave: place < canary ? 0 : 1 + Math.floor((place - canary) / size) };
  });
}
