// Tells the server what this phone holds, and does what the server says of this phone: whose vaults to destroy, which
// entries are known to be lost, whether it is shared. It works signed out too, with the phone's own secret.

import { HOLDS_LIMIT, type Holding, type PhoneAnswer, type PhoneReport } from "../generated/shapes.ts";
import { buildOf } from "../lib/build.ts";
import { announce, listen } from "../lib/news.ts";
import { type Answer, ask, hasTexts, noteContact } from "./connection.ts";
import { identity } from "./device.ts";
import { hasBeenSignedInOn } from "./doors.ts";
import { onStatus, status } from "./drain.ts";
import { lookAtAll } from "./held.ts";
import type { OutboxItem } from "./item.ts";
import { type Loss, noteAnswer, unreported } from "./losses.ts";
import { payOwed } from "./owed.ts";
import { noteServer } from "./receipts.ts";
import { findFact, keepFact } from "./rows/facts.ts";
import { isPersisted, room } from "./storage.ts";
import { forget, opened } from "./vault.ts";

/** A phone says no more often than this what it holds: the outbox changes with every entry. */
const APART_MS = 60_000;

/** The outbox is left to settle: most entries are sent before anything has to be said of them. */
const SETTLES_MS = 2_000;

const LOCK = "ap-log-report";
const REPORTED = "reported-at";
const WIPED = "wiped";
const SHARED = "is-shared";
const PHONE = "phone";

let timer: ReturnType<typeof setTimeout> | undefined;
let isStarted = false;

/** Call once in a page of a phone: reports soon, and whenever what it holds has changed and nothing is being sent. */
export function startReporting(): void {
  isStarted = true;
  listen("outbox", reportSoon);
  onStatus(({ state }) => (state === "sending" ? null : reportSoon()));
  reportSoon();
}

/** There may be signal, or something to say: report in a moment, unless this is no phone. */
export function reportSoon(): void {
  if (isStarted) {
    reportIn(SETTLES_MS);
  }
}

/** Whether a manager has said that several people use this phone. It may then make no passkey of its own. */
export async function isShared(): Promise<boolean> {
  return (await findFact(SHARED)) === true;
}

/** Hear of what the server says of this phone; call what is returned to stop. */
export function onPhoneChange(listener: () => void): () => void {
  return listen(PHONE, listener);
}

/**
 * Report now, one tab at a time, and do what the answer says. True when the server took it. Never rejects: without
 * signal, or with storage that fails, it is said the next time.
 */
export async function reportPhone(): Promise<boolean> {
  return navigator.locks
    .request(LOCK, { ifAvailable: true }, async (lock) => {
      if (lock === null || !(await payOwed())) {
        return false;
      }
      const wiped = await report();
      return wiped !== null && (wiped === 0 || (await report()) !== null); // At once, so that a manager sees it is done.
    })
    .catch(() => false);
}

function reportIn(ms: number): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    void reportWhenDue();
  }, ms);
}

/** While something is being sent it is left for the end, which is heard of. */
async function reportWhenDue(): Promise<void> {
  const since = Date.now() - Number((await findFact(REPORTED).catch(() => null)) ?? 0);
  if (since >= 0 && since < APART_MS) {
    reportIn(APART_MS - since);
  } else if (status().state !== "sending" && (await hasSomethingToSay().catch(() => false))) {
    await reportPhone();
  }
}

/** A server refuses to hear of a phone on which nobody has ever signed in. */
async function hasSomethingToSay(): Promise<boolean> {
  return (await hasBeenSignedInOn()) || (await unreported()) !== null;
}

/** How many vaults the answer made it destroy, or null where the server did not take the report. */
async function report(): Promise<number | null> {
  const lost = await unreported();
  const said = await content(lost);
  const answer = await ask("/api/phone", said);
  if (!isPhoneAnswer(answer)) {
    return null;
  }
  await keepFact(WIPED, (await listWiped()).filter((person) => !said.wiped?.includes(person)));
  await follow(answer.value, lost, said.people ?? []);
  await keepFact(REPORTED, Date.now());
  return answer.value.wipe?.length ?? 0;
}

async function follow(answer: PhoneAnswer, told: Loss | null, people: readonly string[]): Promise<void> {
  await noteAnswer(told, { entries: answer.losses ?? [], photos: answer.lost_photos ?? [], people });
  await keepFact(SHARED, answer.is_shared === true);
  await noteServer({ restore_epoch: answer.restore_epoch, backed_up_to: answer.backed_up_to });
  await noteContact(answer.server_time);
  announce(PHONE);
  await wipe(answer.wipe ?? []);
}

/** A page that shows what is wiped loads itself anew at once. So it is written down first, and said when it is true. */
async function wipe(people: readonly string[]): Promise<void> {
  if (people.length > 0) {
    await keepFact(WIPED, [...new Set([...(await listWiped()), ...people])]).catch(() => null); // The wipe is not for that.
  }
  for (const person of people) {
    await forget(person);
  }
}

async function content(lost: Loss | null): Promise<PhoneReport> {
  const [own, open, held, space] = await Promise.all([identity(), opened(), lookAtAll(), room()]);
  const unsent = held.unsent.filter(hasItsBytes).sort(savedFirst);
  const waiting = held.photos.filter((photo) => photo.state !== "sent" && hasItsBytes(photo)).map(({ id }) => id);
  const pictures = held.pictures.filter((id) => !held.photos.some((photo) => photo.id === id && !hasItsBytes(photo)));
  const people = [...new Set([...held.people, ...(open === null ? [] : [open.person])])];
  return {
    ...own,
    build: buildOf(globalThis.document),
    holds: unsent.slice(0, HOLDS_LIMIT).map(holding),
    is_whole: unsent.length <= HOLDS_LIMIT,
    photos: waiting.length <= HOLDS_LIMIT ? unsentFirst(pictures, waiting).slice(0, HOLDS_LIMIT) : null,
    people,
    wiped: (await listWiped()).filter((person) => !people.includes(person)),
    lost: lost?.count ?? 0,
    lost_device: lost?.id ?? null,
    is_persisted: await isPersisted(),
    can_lock: open?.isKept ?? (held.people.length > 0 ? true : null),
    free_bytes: space === null ? null : Math.max(0, space.quota - space.used),
  };
}

function holding({ id, sha256, author, savedAt, state }: OutboxItem): Holding {
  return { id, sha256, author, saved_at: savedAt, needs_person: state === "needs-person" };
}

/** What has lost its bytes is on this phone by name only. */
function hasItsBytes({ problem }: Pick<OutboxItem, "problem">): boolean {
  return problem?.code !== "bytes-lost";
}

function unsentFirst(pictures: readonly string[], waiting: readonly string[]): string[] {
  const unsent = new Set(waiting);
  return [...pictures.filter((id) => unsent.has(id)), ...pictures.filter((id) => !unsent.has(id))];
}

function savedFirst(one: OutboxItem, other: OutboxItem): number {
  return Date.parse(one.savedAt) - Date.parse(other.savedAt);
}

async function listWiped(): Promise<readonly string[]> {
  return ((await findFact(WIPED)) as readonly string[] | undefined) ?? [];
}

function isPhoneAnswer(answer: Answer): answer is Answer & { readonly value: PhoneAnswer } {
  const found = answer.value as Partial<PhoneAnswer> | null | undefined;
  const [wipe, losses, photos] = [found?.wipe ?? [], found?.losses ?? [], found?.lost_photos ?? []];
  const isListed = Array.isArray(wipe) && wipe.every((one) => typeof one === "string") && [losses, photos].every(areLosses);
  const isOurs = isListed && hasTexts(found, "restore_epoch");
  return answer.status === 200 && isOurs && !Number.isNaN(Date.parse(String(found?.server_time)));
}

function areLosses(found: unknown): boolean {
  return Array.isArray(found) && found.every((one) => hasTexts(one, "id", "author", "saved_at"));
}
