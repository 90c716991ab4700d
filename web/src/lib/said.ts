// Times as people say them on this phone's clock: "today at 01:40". The server's pages do the same in presenters/times.py.

const DAY_MS = 24 * 60 * 60 * 1000;
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const NEAR = new Map([[0, "today"], [-1, "yesterday"], [1, "tomorrow"]]);

/** "today at 01:40", "yesterday at 23:10", "3 March at 09:00", with the year where it is another one. */
export function saidTime(at: Date, now: Date): string {
  return `${saidDay(at, now)} at ${saidClock(at)}`;
}

export function saidClock(at: Date): string {
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

/** What a date input holds: "2026-03-10". */
export function dateValue(at: Date): string {
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
}

function saidDay(at: Date, now: Date): string {
  const near = NEAR.get(daysBetween(now, at));
  if (near !== undefined) {
    return near;
  }
  const day = `${at.getDate()} ${MONTHS[at.getMonth()]}`;
  return at.getFullYear() === now.getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

/** Calendar days, counted in UTC so that a day with a clock change is a day too. */
function daysBetween(from: Date, to: Date): number {
  return (calendarDay(to) - calendarDay(from)) / DAY_MS;
}

function calendarDay(at: Date): number {
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}
