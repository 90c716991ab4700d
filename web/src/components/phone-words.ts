// What this phone holds and what its browser makes of it, one plain answer to each question. Pure.

import { ALONE_HOURS } from "../generated/shapes.ts";
import { saidTime } from "../lib/said.ts";
import type { Contact } from "../offline/connection.ts";
import { shortName } from "../offline/device.ts";
import { ALONE_LIMIT_MS } from "../offline/expiry.ts";
import type { Held } from "../offline/held.ts";
import type { OutboxItem } from "../offline/item.ts";
import type { Lost } from "../offline/losses.ts";
import { isLow, type Room } from "../offline/storage.ts";
import type { Opened } from "../offline/vault.ts";
import { lostThings } from "./lost-words.ts";
import { percentSent } from "./progress-words.ts";

/** The readable copy: how many residents, which policy version is in force, and when the server gave it. */
export interface Copy {
  readonly residents: number;
  readonly policy: number | null;
  readonly readAt: string;
}

/** All that the page speaks of. `copy` is null while nobody is unlocked; `isInTab`: Safari that was not installed. */
export interface PhoneFacts {
  readonly held: Held;
  readonly open: Opened | null;
  readonly copy: Copy | null;
  readonly lost: Lost;
  readonly contact: Contact | null;
  readonly isPersisted: boolean | null;
  readonly isInTab: boolean;
  readonly room: Room | null;
  readonly device: string;
  readonly isShared: boolean;
  readonly build: string;
  readonly isUpdateWaiting: boolean;
  readonly now: Date;
}

/** The answer, and what it means. */
export interface Answer {
  readonly main: string;
  readonly more?: string;
}

export const ROWS = {
  mine: ({ held, open }: PhoneFacts): Answer => {
    if (open === null) {
      return { main: "Locked", more: "Unlock to see which are yours." };
    }
    return { main: standing(held.unsent.filter((item) => item.author === open.person)) };
  },
  others: ({ held, open }: PhoneFacts): Answer => {
    const others = held.unsent.filter((item) => item.author !== open?.person);
    const whose = open === null ? "Yours may be among them." : "Nobody can read them here.";
    const more = `${whose} They are sealed, and sent whoever is signed in.`;
    return others.length === 0 ? { main: "None wait" } : { main: standing(others), more };
  },
  photos: ({ held }: PhoneFacts): Answer => {
    const photos = held.photos.filter((photo) => photo.state !== "sent");
    const refused = photos.filter((photo) => photo.state === "needs-person").length;
    const going = photos.filter((photo) => photo.state !== "needs-person");
    const parts = [
      going.length > 0 ? `${waiting(going.length)}, ${percentSent(going)} % sent` : "",
      refused > 0 ? needing(refused) : "",
    ];
    return { main: parts.filter((words) => words !== "").join(", ") || "None wait" };
  },
  copies: ({ held }: PhoneFacts): Answer => {
    const more = "Kept until the server has a checked backup of them. This phone cannot open them.";
    return held.copies === 0 ? { main: "None" } : { main: String(held.copies), more };
  },
  unfinished: ({ held, open }: PhoneFacts): Answer => {
    if (open === null && held.unfinished.length > 0) {
      return { main: String(held.unfinished.length), more: "Each is hidden until its author unlocks this phone." };
    }
    const mine = held.unfinished.filter((author) => author === open?.person).length;
    const others = held.unfinished.length - mine;
    const more = others === 0 ? "" : `${others} ${others === 1 ? "is another person’s" : "are other people’s"}, hidden from you.`;
    return { main: mine === 0 ? "None of yours" : `${mine} of yours`, more };
  },
  lost: ({ lost }: PhoneFacts): Answer => ({ main: lostThings(lost) || "None that this phone knows of" }),
  vault: (facts: PhoneFacts): Answer => vaultAnswer(facts),
  residents: ({ copy, open, now }: PhoneFacts): Answer => {
    if (open === null || copy === null) {
      return { main: open === null ? "Locked" : "None yet" };
    }
    return { main: copy.residents === 1 ? "1 resident" : `${copy.residents} residents`, more: asOf(copy, now) };
  },
  policy: ({ copy, open, now }: PhoneFacts): Answer => {
    if (open === null || copy === null) {
      return { main: open === null ? "Locked" : "None yet" };
    }
    return { main: copy.policy === null ? "None in force" : `Version ${copy.policy}`, more: asOf(copy, now) };
  },
  wipes: ({ held, contact, now }: PhoneFacts): Answer => {
    if (held.people.length === 0) {
      return { main: "Nothing readable is kept here" };
    }
    const more = `${ALONE_HOURS} hours after the last contact. Entries that wait stay: they are sealed.`;
    return contact === null ? { main: `${ALONE_HOURS} hours after the first unlock` } : { main: begun(said(wipesAt(contact), now)), more };
  },
  contact: ({ contact, now }: PhoneFacts): Answer => ({ main: contact === null ? "None yet" : begun(said(contact.at, now)) }),
  persisted: (facts: PhoneFacts): Answer => persistedAnswer(facts),
  space: ({ room }: PhoneFacts): Answer => {
    if (room === null) {
      return { main: "This browser does not tell" };
    }
    const more = isLow(room) ? "Little room is left. Photos are not taken any more. Delete pictures or apps from it." : "";
    return { main: `${size(room.used)} used, ${size(room.quota - room.used)} free`, more };
  },
  name: ({ device }: PhoneFacts): Answer => ({ main: shortName(device), more: "Read it out so that a manager can find this phone." }),
  shared: ({ isShared }: PhoneFacts): Answer =>
    isShared
      ? { main: "Yes", more: "No passkey is made on it: a passcode that everybody knows is not a person." }
      : { main: "No" },
  version: ({ build, isUpdateWaiting }: PhoneFacts): Answer => ({
    main: build === "" ? "Not known" : build,
    more: isUpdateWaiting ? "A new version is here and waits. Use it from the first page." : "",
  }),
} as const;

function vaultAnswer({ open, held }: PhoneFacts): Answer {
  if (open === null) {
    return held.people.length === 0
      ? { main: "Locked", more: "Nothing readable is kept on this phone." }
      : { main: "Locked", more: "Only the passkey of each person opens what is theirs." };
  }
  return open.isKept
    ? { main: "Open", more: "It locks itself after 15 minutes without use. Only your passkey opens it then." }
    : {
        main: "Open, in memory only",
        more: "Your passkey cannot lock anything here. Unfinished entries and the residents are gone when AP Log closes. Saved entries stay.",
      };
}

function persistedAnswer({ isPersisted, isInTab }: PhoneFacts): Answer {
  if (isPersisted === true) {
    return { main: "Yes", more: "The browser has promised to delete nothing by itself." };
  }
  if (isInTab) {
    return {
      main: "No",
      more: "Safari deletes everything here after 7 days without AP Log. Put it on your home screen: tap Share, then “Add to Home Screen”.",
    };
  }
  return isPersisted === null
    ? { main: "This browser cannot say", more: "Send what waits as soon as you have signal." }
    : { main: "No", more: "The browser may delete what waits here when the phone is full. Send it as soon as you have signal." };
}

function standing(items: readonly OutboxItem[]): string {
  const refused = items.filter((item) => item.state === "needs-person").length;
  const going = items.filter((item) => item.state === "sending").length;
  const rest = items.length - refused - going;
  const parts = [
    rest > 0 ? waiting(rest) : "",
    going > 0 ? `${going} being sent` : "",
    refused > 0 ? needing(refused) : "",
  ].filter((words) => words !== "");
  return parts.length === 0 ? "None wait" : parts.join(", ");
}

function waiting(count: number): string {
  return count === 1 ? "1 waits" : `${count} wait`;
}

function needing(count: number): string {
  return count === 1 ? "1 needs a person" : `${count} need a person`;
}

function wipesAt({ at }: Contact): string {
  return new Date(Date.parse(at) + ALONE_LIMIT_MS).toISOString();
}

function asOf({ readAt }: Copy, now: Date): string {
  return `As of ${said(readAt, now)}.`;
}

function said(at: string, now: Date): string {
  return saidTime(new Date(at), now);
}

function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const UNITS = [
  [1024 ** 3, "GB"],
  [1024 ** 2, "MB"],
  [1024, "kB"],
] as const;

/** "3.1 MB", "240 MB": two digits are enough to decide by. */
function size(bytes: number): string {
  const [unit, words] = UNITS.find(([least]) => bytes >= least) ?? UNITS[2];
  const count = bytes / unit;
  return `${count < 10 ? Math.round(count * 10) / 10 : Math.round(count)} ${words}`;
}
