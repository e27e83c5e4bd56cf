/** Whether a text is YYYY-MM-DD of a day that exists, year 1 or later. */
export function isIsoDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < "0001") return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Whether a text is a day, or a day and time to the microsecond at most, with a zone or without. */
export function isIsoTimestamp(text: string): boolean {
  return (
    isIsoDay(text.slice(0, 10)) &&
    /^([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?( ?(Z|[-+](0\d|1[0-4])(:?[0-5]\d)?))?)?$/.test(text.slice(10))
  );
}

export function hasZone(text: string): boolean {
  return /(Z|[-+]\d\d(:?\d\d)?)$/.test(text.slice(10));
}
