// What to say of a phone whose clock is wrong. Pure.

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** Up to here the difference may be the time that the answer took. */
const TOLERATED_MS = 2 * MINUTE_MS;

/** `offsetMs`: server time minus phone time. Empty where the clock is right, or not wrong enough to matter. */
export function clockWords(offsetMs: number): string {
  if (Math.abs(offsetMs) <= TOLERATED_MS) {
    return "";
  }
  const wrong = `This phone's clock is ${said(Math.abs(offsetMs))} ${offsetMs > 0 ? "slow" : "fast"}.`;
  return `${wrong} Choose “Another time” and put in the right time.`;
}

function said(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < HOUR_MINUTES) {
    return `${minutes} minutes`;
  }
  return minutes < DAY_MINUTES ? counted(minutes / HOUR_MINUTES, "hour") : counted(minutes / DAY_MINUTES, "day");
}

function counted(number: number, unit: string): string {
  const whole = Math.round(number);
  return whole === 1 ? `1 ${unit}` : `${whole} ${unit}s`;
}
