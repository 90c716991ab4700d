// Which requests the worker answers, and from where. Pure: addresses in, a decision out.

/** Pages without anybody's data in them, which start without signal. The last is shown for every other page. */
export const SHELLS: readonly string[] = ["/app", "/app/log", "/app/outbox", "/app/phone", "/app/offline"];
export const OFFLINE_PAGE = "/app/offline";

/** `kept`: from the phone. `page`: from the server, or the offline page. `leave`: the browser does as if we were not here. */
export type Route = { readonly kind: "kept"; readonly path: string } | { readonly kind: "page" | "leave" };

export interface Asked {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

/** Never touches what changes something, what another origin is asked, or what only a signed-in person is given. */
export function route(asked: Asked, origin: string, files: readonly string[]): Route {
  const url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== origin || url.pathname.startsWith("/api/")) {
    return { kind: "leave" };
  }
  if (asked.mode !== "navigate") {
    return files.includes(url.pathname) ? { kind: "kept", path: url.pathname } : { kind: "leave" };
  }
  return SHELLS.includes(url.pathname) ? { kind: "kept", path: url.pathname } : { kind: "page" };
}
