// The script of every page: finds each `data-module` and starts the class that gives it its behaviour.
// A page's own content works without it.

import { Button, CharacterCount, createAll, ErrorSummary, NotificationBanner, SkipLink } from "govuk-frontend";
import { Emergency } from "./components/emergency.ts";
import { FollowUps } from "./components/follow-ups.ts";
import { Gate } from "./components/gate.ts";
import { Install } from "./components/install.ts";
import { LogForm } from "./components/log-form.ts";
import { LostEntries } from "./components/lost-entries.ts";
import { MeLine } from "./components/me.ts";
import { Occurred } from "./components/occurred.ts";
import { OneChoice } from "./components/one-choice.ts";
import { OutboxList } from "./components/outbox-list.ts";
import { Passkey } from "./components/passkey.ts";
import { PhoneLink } from "./components/phone-link.ts";
import { PhonePage } from "./components/phone-page.ts";
import { Progress } from "./components/progress.ts";
import { RehearsalProgress } from "./components/rehearsal-progress.ts";
import { Signs } from "./components/signs.ts";
import { StorageWarnings } from "./components/storage-warnings.ts";
import { StuckStorage } from "./components/stuck-storage.ts";
import { UpdatePrompt } from "./components/update-prompt.ts";
import { startOffline } from "./offline/start.ts";

type Behaviour = new (place: HTMLElement) => unknown;

const MODULES: Readonly<Record<string, Behaviour>> = {
  emergency: Emergency,
  "follow-ups": FollowUps,
  gate: Gate,
  install: Install,
  "log-form": LogForm,
  "lost-entries": LostEntries,
  me: MeLine,
  occurred: Occurred,
  "one-choice": OneChoice,
  "outbox-list": OutboxList,
  passkey: Passkey,
  "phone-link": PhoneLink,
  "phone-page": PhonePage,
  progress: Progress,
  "rehearsal-progress": RehearsalProgress,
  signs: Signs,
  "storage-warnings": StorageWarnings,
  "stuck-storage": StuckStorage,
  "update-prompt": UpdatePrompt,
};

function start(): void {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  for (const component of [Button, ErrorSummary, NotificationBanner, SkipLink]) {
    createAll(component);
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-module]")) {
    const Module = MODULES[place.dataset["module"] ?? ""];
    if (Module !== undefined) {
      new Module(place);
    }
  }
  countLater();
  startOffline();
}

/** Counting characters loads the browser's number formats, a tenth of a second on a slow phone: not before it is wanted. */
function countLater(): void {
  for (const counted of document.querySelectorAll<HTMLElement>("[data-module='govuk-character-count']")) {
    counted.addEventListener("focusin", () => new CharacterCount(counted), { once: true });
  }
}

start();
