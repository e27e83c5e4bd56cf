/** `50MB` or `5GB`, in bytes. */
export function bytesOf(size: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(MB|GB)$/i.exec(size) ?? [];
  if (number === "") throw new RangeError(`${size} is no size: write 50MB or 5GB`);
  return Number(number) * (unit.toUpperCase() === "GB" ? 1e9 : 1e6);
}
