// How long nobody has used this phone, whatever its clock does meanwhile and in whichever tab.

/** After this long the phone is locked: about as long as somebody may have put it down and gone. */
const IDLE_LIMIT_MS = 15 * 60 * 1000;

let lastUse = { wall: Date.now(), steady: performance.now() };

/** The wall clock goes on while the phone sleeps, the steady one while somebody sets the other back: the greater counts. */
export function idleMs(): number {
  return Math.max(Date.now() - lastUse.wall, performance.now() - lastUse.steady, 0);
}

export function isIdle(): boolean {
  return idleMs() >= IDLE_LIMIT_MS;
}

/** It is in use now or, handed over from another page, was so that many milliseconds ago. */
export function use(agoMs = 0): void {
  lastUse = { wall: Date.now() - agoMs, steady: performance.now() - agoMs };
}
