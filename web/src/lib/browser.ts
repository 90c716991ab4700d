// What kind of browser this is, where it matters to what it keeps.

/**
 * Whether this is a tab of Safari on an iPhone or iPad, which forgets a site after seven days without it; an app on the
 * home screen is spared. Apple's `standalone` is there on its phones and tablets alone, and false in a tab.
 */
export function isInSafariTab(): boolean {
  return (navigator as { readonly standalone?: boolean }).standalone === false;
}

/** Whether the browser sends what waits when no page of ours is open: Background Sync, which only Chromium has. */
export const SENDS_WHEN_CLOSED = "SyncManager" in globalThis;
