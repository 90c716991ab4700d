// The words that pages and the service worker use with each other and with the browser.

/** What a page tells a waiting worker, and nothing else does: an update never takes over by itself. */
export const USE_NOW = "use-now";

/** Under this name the browser is asked to wake the worker when there is signal. */
export const DRAIN_TAG = "ap-log-drain";
