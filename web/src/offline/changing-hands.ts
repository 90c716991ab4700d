// When this phone changes hands: somebody signs out, is somebody else in the demo, or puts it down and goes.

import { approachDemo } from "./doors.ts";
import { watchIdle } from "./idle-watch.ts";
import { comeBack, handOver, lend } from "./keyring.ts";
import { isOwed, noteSignedOut, payOwed } from "./owed.ts";
import { onSignOut, signOut } from "./sign-out.ts";
import { opened } from "./vault.ts";

const APP = /^\/app(\/|$)/;
const SIGN_OUT = "/sign-out";
const SIGNED_OUT_PAGE = "/sign-in?signed-out=1";
const FIRST_PAGE = "/app";

/** Here one tap signs somebody in, without a passkey. */
const DEMO_TAP = "/demo/sessions";
const IS_THROUGH = "data-through";

let isLeaving = false;

/** Call once on every page, after everything else that listens for the page's end. */
export function watchHands(): void {
  document.addEventListener("submit", (event) => catchForm(event, event.target as HTMLFormElement));
  window.addEventListener("pageshow", (event) => (event.persisted ? void comeBackHere() : null));
  onSignOut(() => (isLeaving ? null : location.replace(FIRST_PAGE)));
  watchIdle();
  void opened().catch(() => null); // A page that needs no vault carries it on to the next one that does.
  window.addEventListener("beforeunload", lend);
  window.addEventListener("pagehide", handOver);
  void settleSignOut().catch(() => null);
}

/** Each form works without us: then the server does its part alone. */
function catchForm(event: SubmitEvent, form: HTMLFormElement): void {
  const path = new URL(form.action).pathname;
  if (path === SIGN_OUT) {
    event.preventDefault();
    void leave(form);
  } else if (path === DEMO_TAP && !form.hasAttribute(IS_THROUGH)) {
    event.preventDefault();
    void makeWay(form, event.submitter);
  }
}

async function leave(form: HTMLFormElement): Promise<void> {
  if (isLeaving) {
    return;
  }
  isLeaving = true;
  try {
    const isTold = await signOut(!APP.test(location.pathname));
    location.assign(isTold ? SIGNED_OUT_PAGE : FIRST_PAGE);
  } catch {
    form.submit(); // Storage that fails must not keep anybody signed in.
  }
}

async function makeWay(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  await payOwed().catch(() => null); // Later it would end the session that begins now.
  await approachDemo().catch(() => null);
  form.setAttribute(IS_THROUGH, "");
  form.requestSubmit(button);
  form.removeAttribute(IS_THROUGH);
}

/** The server's page for who has just signed out says that it knows; any other page is a chance to tell it. */
async function settleSignOut(): Promise<void> {
  if (document.body.hasAttribute("data-signed-out")) {
    await noteSignedOut();
  } else {
    await payOwed();
  }
}

/** "Back" may show a page of the server's as it was before somebody signed out without signal. */
async function comeBackHere(): Promise<void> {
  await comeBack();
  if (await isOwed()) {
    location.replace(FIRST_PAGE);
  }
}
