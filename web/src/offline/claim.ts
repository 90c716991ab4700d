// Which window writes a draft: one at a time, by a lock that the browser takes back when the window closes.

const LOCK = "ap-log-draft ";

/** How long a page that is loaded anew waits for the page before it to let go. */
const PATIENCE_MS = 500;

export interface Claim {
  /** Whether this window has it by now. */
  isOurs(): Promise<boolean>;
  /** Resolves once this window has it: at once, or when the other one lets go. */
  readonly isFree: Promise<void>;
  /** Let another window have it. */
  release(): void;
}

/** Ask to be the one who writes the draft of this id. */
export function claim(id: string): Claim {
  const wanted = new AbortController();
  let release = (): void => wanted.abort();
  const isFree = new Promise<void>((resolve) => {
    const asked = navigator.locks.request(LOCK + id, { signal: wanted.signal }, () => {
      resolve();
      return new Promise<void>((letGo) => {
        release = letGo;
      });
    });
    asked.catch(() => null); // Let go before it was given.
  });
  const isOurs = (): Promise<boolean> =>
    Promise.race([
      isFree.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS)),
    ]);
  return { isOurs, isFree, release: () => release() };
}
