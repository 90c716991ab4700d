// A cookie that remembers what the browser's storage may forget: that this phone had an id, and how many entries and
// photos it had not sent. Browsers clear storage by themselves and cookies hardly ever, so a marker without the storage it speaks of
// means a loss. It holds nothing of what was written.

const NAME = "ap_log_held";
const KEPT_SECONDS = 400 * 24 * 60 * 60; // The longest that browsers allow.
const WRITTEN = /^([0-9a-f-]{36})\.(\d{1,6})\.(\d{1,12})(?:\.(\d{1,6}))?$/; // Without photos: an older version's.

/**
 * `lastSavedAt`: when the newest unsent entry was saved, in seconds since 1970 by the phone's clock. `photos`: those not
 * sent whose entries are; those of unsent entries go with them.
 */
export interface Marker {
  readonly device: string;
  readonly unsent: number;
  readonly lastSavedAt: number;
  readonly photos: number;
}

/** A worker has no other way to cookies, and only Chromium's has this one. */
interface CookieStore {
  get(name: string): Promise<{ readonly value?: string } | null>;
  set(cookie: { name: string; value: string; path: string; expires: number; sameSite: "strict" }): Promise<void>;
}

/** A page and a worker, as far as either is there. */
interface Scope {
  readonly document?: { cookie: string };
  readonly cookieStore?: CookieStore;
}

const scope = globalThis as Scope;

/** What the cookie says; null where there is none, or no way to it. */
export async function readMarker(): Promise<Marker | null> {
  const [, device, unsent, lastSavedAt, photos = 0] = WRITTEN.exec(await writtenValue()) ?? [];
  return device === undefined
    ? null
    : { device, unsent: Number(unsent), lastSavedAt: Number(lastSavedAt), photos: Number(photos) };
}

export async function writeMarker({ device, unsent, lastSavedAt, photos }: Marker): Promise<void> {
  const value = `${device}.${unsent}.${lastSavedAt}.${photos}`;
  const { cookieStore, document: page } = scope;
  if (page !== undefined) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    page.cookie = `${name()}=${value}; Path=/; Max-Age=${KEPT_SECONDS}; SameSite=Strict${secure}`;
    return;
  }
  const expires = Date.now() + KEPT_SECONDS * 1000;
  await cookieStore?.set({ name: name(), value, path: "/", expires, sameSite: "strict" });
}

async function writtenValue(): Promise<string> {
  const { cookieStore, document: page } = scope;
  if (page === undefined) {
    return (await cookieStore?.get(name()))?.value ?? "";
  }
  const cookie = page.cookie.split("; ").find((one) => one.startsWith(`${name()}=`));
  return cookie?.slice(name().length + 1) ?? "";
}

/** Two ports of one host share their cookies and not their storage. */
function name(): string {
  return location.port === "" ? NAME : `${NAME}_${location.port}`;
}
