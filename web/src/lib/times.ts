// Times as they cross the border: ISO 8601, whole seconds, with the offset the phone's clock shows.

const MINUTE_MS = 60_000;

/** For example "2026-07-10T01:40:00+01:00". The offset is kept because "01:40" is what the person saw on the wall. */
export function isoWithOffset(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const wallClock = new Date(at.getTime() + offset * MINUTE_MS).toISOString().slice(0, 19);
  const sign = offset < 0 ? "-" : "+";
  return `${wallClock}${sign}${twoDigits(Math.abs(offset) / 60)}:${twoDigits(Math.abs(offset) % 60)}`;
}

function twoDigits(count: number): string {
  return String(Math.floor(count)).padStart(2, "0");
}
