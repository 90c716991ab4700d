// Days on the wall clock of a policy's time zone. The phone may be set to any other zone, so only Intl is asked, never a
// local Date. Times are milliseconds since 1970.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STRETCH = 8 * DAY;

export function hoursAfter(at: number, hours: number): number {
  return at + hours * HOUR;
}

export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, number>();

  constructor(timeZone: string) {
    const two = "2-digit";
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone, hourCycle: "h23", year: "numeric", month: two, day: two, hour: two, minute: two, second: two,
    });
  }

  /**
   * The same clock reading that many days later, earlier when negative. A reading that the clock change skips moves
   * forward by the gap; one that occurs twice is its first occurrence.
   */
  daysAfter(at: number, days: number): number {
    const reading = at + this.#offsetAt(at) + days * DAY;
    const before = this.#offsetAt(reading - DAY);
    const after = this.#offsetAt(reading + DAY);
    const first = reading - before;
    const second = reading - after;
    if (this.#offsetAt(first) !== before && this.#offsetAt(second) === after) {
      return second;
    }
    return first;
  }

  /** Asking Intl is slow; no zone changes its clocks and back within one stretch, so its two ends mostly say it all. */
  #offsetAt(at: number): number {
    const start = Math.floor(at / STRETCH) * STRETCH;
    const offset = this.#askOnce(start);
    return offset === this.#askOnce(start + STRETCH) ? offset : this.#askOnce(at);
  }

  #askOnce(at: number): number {
    let offset = this.#known.get(at);
    if (offset === undefined) {
      offset = this.#ask(at);
      this.#known.set(at, offset);
    }
    return offset;
  }

  #ask(at: number): number {
    const parts = new Map(this.#format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - at;
  }
}

const clocks = new Map<string, ZoneClock>();

/** One clock for each zone, kept with what it has learnt. */
export function clockOf(timeZone: string): ZoneClock {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new ZoneClock(timeZone);
    clocks.set(timeZone, clock);
  }
  return clock;
}
