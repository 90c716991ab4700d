// What is kept on the phone: one cache for each build, filled whole at install or not at all.

import { OFFLINE_PAGE, SHELLS } from "./routing.ts";

const PREFIX = "ap-log-";

/** A connection this slow is no better than none to somebody who waits: the offline page lets them log. */
const PAGE_LIMIT_MS = 10_000;

/** What the pages load, by its address, with its digest as `fetch` checks it. */
export type Files = Readonly<Record<string, string>>;

/** Fetch and keep everything. Rejects when one file is missing or not the bytes it should be: the old version stays. */
export async function fill(build: string, files: Files): Promise<void> {
  const cache = await caches.open(PREFIX + build);
  const fetched = [...Object.entries(files).map(fetchFile), ...SHELLS.map(fetchShell)];
  await Promise.all(fetched.map(async (pair) => cache.put(...(await pair))));
}

/** Remove what older builds kept. */
export async function removeOthers(build: string): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== PREFIX + build);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** The kept answer; where the browser has thrown it away, the server's. */
export async function kept(build: string, path: string): Promise<Response> {
  const cache = await caches.open(PREFIX + build);
  return (await cache.match(path)) ?? fetch(path, { credentials: "omit" });
}

/** A page from the server; the offline page when none comes within ten seconds, or while a sign-out is not paid yet. */
export async function pageOrOffline(build: string, request: Request, isPaid: () => Promise<boolean>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("No answer in time")), PAGE_LIMIT_MS);
  });
  try {
    return await Promise.race([isPaid().then((paid) => (paid ? fetch(request) : Promise.reject())), tooLate]);
  } catch {
    return kept(build, OFFLINE_PAGE);
  } finally {
    clearTimeout(timer);
  }
}

async function fetchFile([path, integrity]: [string, string]): Promise<[string, Response]> {
  return [path, whole(await fetch(path, { integrity, cache: "no-cache", credentials: "omit" }))];
}

/** Without cookies, so that what is kept can hold nothing of the person who happens to be signed in. */
async function fetchShell(path: string): Promise<[string, Response]> {
  const page = whole(await fetch(path, { cache: "no-store", credentials: "omit", redirect: "error" }));
  if (!page.headers.get("Content-Type")?.startsWith("text/html")) {
    throw new Error(`${path} is not a page`);
  }
  return [path, page];
}

function whole(response: Response): Response {
  if (response.status !== 200) {
    throw new Error(`${response.url} answered ${response.status}`);
  }
  return response;
}
