// Days on the wall clock of a policy's time zone. The phone may be set to any other zone, so only Intl is asked, never a
// local Date. Times are milliseconds since 1970.

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const STRETCH = 8 * DAY;

/** Eight days: the offset until the clocks change, if they do, and from then. */
interface Stretch {
  readonly before: number;
  readonly after: number;
  readonly changesAt: number;
}

export function hoursAfter(at: number, hours: number): number {
  return at + hours * HOUR;
}

export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #stretches = new Map<number, Stretch>();

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
    if (before === after) {
      return first;
    }
    const second = reading - after;
    if (this.#offsetAt(first) !== before && this.#offsetAt(second) === after) {
      return second;
    }
    return first;
  }

  #offsetAt(at: number): number {
    const number = Math.floor(at / STRETCH);
    let stretch = this.#stretches.get(number);
    if (stretch === undefined) {
      stretch = this.#stretchFrom(number * STRETCH);
      this.#stretches.set(number, stretch);
    }
    return at < stretch.changesAt ? stretch.before : stretch.after;
  }

  /** Asking Intl is slow, so each stretch is asked for once. No zone changes its clocks twice within one. */
  #stretchFrom(start: number): Stretch {
    const before = this.#ask(start);
    const after = this.#ask(start + STRETCH);
    let [same, changesAt] = [start, start + STRETCH];
    while (before !== after && changesAt - same > SECOND) {
      const middle = Math.floor((same + changesAt) / 2 / SECOND) * SECOND;
      [same, changesAt] = this.#ask(middle) === before ? [middle, changesAt] : [same, middle];
    }
    return { before, after, changesAt };
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
