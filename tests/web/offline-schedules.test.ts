// Random schedules of saving, changing, undoing, sending, lost, cut, repeated and reordered answers, nonsense, crashes,
// locks, sign-outs, other people, backups, restores and upgrades: nothing lost, nothing doubled, nothing in another's
// name, nothing stuck. A schedule that fails is its seed.

import { expect, test, vi } from "vitest";

import type { Entry, Push } from "../../web/src/generated/shapes.ts";
import { isUnsent, nameOf, type OutboxItem } from "../../web/src/offline/item.ts";
import { anOlderItem, keepOlder, killUpgrade, type OlderItem, type OlderRows, rowsIn, STATES } from "./older-phone.ts";
import * as phone from "./phone.ts";
import { type Answering, FAULTS, Server } from "./server.ts";

const STEPS = 60;
const SEEDS = Array.from({ length: 24 }, (_, seed) => seed + 1);

/** Where our server leads whoever signs out. */
const SIGNED_OUT_PAGE = "https://log.example/sign-in?signed-out=1";

/** What the schedules came to, and how often: one that never gets there proves nothing of it. */
const reached = new Map<string, number>();

function reach(what: string): void {
  reached.set(what, 1 + (reached.get(what) ?? 0));
}

/** One version of an entry that somebody was told is saved. */
interface Known {
  readonly item: Pick<OutboxItem, "id" | "sha256" | "author">;
  readonly said: { readonly entry: Entry };
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** One phone, its people, and what they saved: the versions of each entry in their order. */
class World {
  readonly server = new Server();
  readonly saved = new Map<string, Known[]>();
  person = phone.ASHA;
  /** Somebody has signed out, and this phone has no word yet that the server knows. */
  owes = false;
  /** How often anything else was asked of the server while that was so. */
  trespasses = 0;
  /** Who has signed out, and opens nothing here before they sign in. */
  readonly #keyless = new Set<string>();
  #app: phone.App;

  constructor(app: phone.App, readonly random: () => number) {
    this.#app = app;
  }

  get app(): phone.App {
    return this.#app;
  }

  pick<Thing>(things: readonly Thing[]): Thing {
    return things[Math.floor(this.random() * things.length)] as Thing;
  }

  /** Every request of this step meets the same fate, or each its own. */
  connect(faults = FAULTS): void {
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => this.#asked(path, init, this.pick(faults)));
  }

  async save(changes: Partial<Entry> = {}): Promise<void> {
    const photos = this.random() < 0.3 ? [await phone.aPhoto(500)] : [];
    const said = { author: this.person, words: String(this.random()), ...changes };
    const { entry, ...saving } = phone.saving(said, photos);
    const saved = await this.#app.outbox.save({ ...saving, entry });
    this.saved.set(entry.id, [...(this.saved.get(entry.id) ?? []), saved]);
  }

  /** Somebody changes what they saved before. */
  async change(): Promise<void> {
    const mine = [...this.saved.values()].filter(([first]) => first?.item.author === this.person);
    const last = mine.length === 0 ? undefined : this.pick(mine).at(-1);
    await (last === undefined ? this.save() : this.save({ ...last.said.entry, words: String(this.random()) }));
  }

  /** "Undo": what nobody has tried to send is a draft again. */
  async undo(): Promise<void> {
    const lasts = [...this.saved.values()].map((versions) => versions.at(-1));
    const last = lasts.find((one) => one?.item.author === this.person);
    if (last === undefined) {
      return;
    }
    const { id, sha256, author } = last.item;
    const draft = { id, author, keptAt: phone.SERVER_TIME, over: [], hidden: await this.#app.vault.hide({}) };
    if (await this.#app.outbox.takeBack([id, sha256], draft)) {
      this.saved.set(id, (this.saved.get(id) ?? []).slice(0, -1));
    }
  }

  async crash(): Promise<void> {
    void this.#app.drain.drainNow();
    void this.#app.older.hideOlder().catch(() => null);
    await this.#become(await phone.crash());
  }

  /** The app is closed in the middle of a save: it is there whole, or not at all. */
  async crashWhileSaving(): Promise<void> {
    const saving = phone.saving({ author: this.person });
    const isSaved = this.#app.outbox.save(saving).catch(() => null);
    await this.#become(await phone.crash());
    const saved = await isSaved;
    if (saved !== null) {
      this.saved.set(saving.entry.id, [saved]);
    }
  }

  async comes(person: string): Promise<void> {
    this.person = person;
    if (this.#keyless.delete(person)) {
      await this.signIn();
      await phone.unlockAnew(this.#app, person);
    } else {
      await phone.unlock(this.#app, person);
    }
  }

  /** Their key is destroyed, and the server hears of it now or later. The page goes to another one, which is locked. */
  async signOut(): Promise<void> {
    const { signOut } = await import("../../web/src/offline/sign-out.ts");
    const { isOwed } = await import("../../web/src/offline/owed.ts");
    this.owes = true;
    const isTold = await signOut(false);
    expect([await isOwed(), this.owes, await this.#app.vault.opened()]).toEqual([!isTold, !isTold, null]);
    reach(isTold ? "told of a sign-out at once" : "a sign-out is owed");
    this.#keyless.add(this.person);
    this.#app = await phone.start();
    await (this.random() < 0.3 ? this.drain() : null);
    await this.comes(this.pick([phone.ASHA, phone.BEN]));
  }

  /** As at a door of AP Log: what is owed is tried first. Then the new session takes the place of what was to end. */
  async signIn(): Promise<void> {
    const { noteSignedOut, payOwed } = await import("../../web/src/offline/owed.ts");
    await payOwed();
    this.server.isSignedOut = false;
    await noteSignedOut();
    this.owes = false;
  }

  async drain(): Promise<void> {
    const { owes } = this;
    await this.#app.drain.drainNow();
    if (owes && !this.owes) {
      reach("a run pays what is owed");
    }
  }

  /** What an older version left is hidden and sealed, as after each unlock. */
  async hideOlder(): Promise<void> {
    const before = await this.#readable();
    await this.#app.older.hideOlder();
    if ((await this.#readable()) < before) {
      reach("something older is hidden");
    }
  }

  /** An older version of the app was here until now: in each state it has entries of two people. */
  async becomeOlder(version: 1 | 2): Promise<OlderRows> {
    const items: OlderItem[] = [];
    for (const author of [phone.ASHA, phone.BEN]) {
      for (const state of STATES) {
        const item = await anOlderItem(author, state);
        const { row, entry } = item;
        items.push(item);
        this.saved.set(row.id, [{ item: row, said: { entry } }]);
        // What was on its way may have arrived. No restore loses it: what is sent has no bytes on this phone any more.
        if (state === "sent" || (state === "sending" && this.random() < 0.5)) {
          this.server.held.push({ id: row.id, sha256: row.sha256, entry, receivedAt: 0 });
        }
      }
    }
    return keepOlder(this.#app, version, items);
  }

  /** The app of this version starts. It may be killed at its upgrade, and may send before anybody unlocks it. */
  async upgrade(older: OlderRows): Promise<void> {
    if (this.random() < 0.5) {
      const rows = older.items.length + older.parcels.length;
      await killUpgrade(await phone.start(), Math.floor(this.random() * rows));
      reach("an upgrade is killed");
    }
    this.#app = await phone.start();
    expect(await rowsIn(this.#app)).toEqual(older);
    reach("an upgrade");
    if (this.random() < 0.5) {
      this.connect();
      await this.drain();
    }
    await this.comes(this.person);
  }

  async restart(): Promise<void> {
    await this.#become(await phone.crash());
  }

  /** Everything works again, and whoever has to do something does it. What is owed is paid without anybody's doing. */
  async heal(): Promise<void> {
    this.connect([FAULTS[0] as (typeof FAULTS)[0]]);
    await this.#app.receipts.noteServer(this.server.about()); // The phone's report tells it.
    await this.drain();
    const { isOwed } = await import("../../web/src/offline/owed.ts");
    expect([this.owes, await isOwed()]).toEqual([false, false]);
    await this.signIn();
    for (let tries = 0; tries < 10; tries += 1) {
      for (const { id, sha256 } of await this.#app.items.listItems()) {
        await this.#app.outbox.retry(id, sha256);
      }
      const { retryPhoto } = await import("../../web/src/offline/photos.ts");
      for (const { id } of await this.#app.photos.listPhotos()) {
        await retryPhoto(id);
      }
      const state = await this.#app.drain.drainNow();
      if (state === "idle" && (await this.unsent()) === 0) {
        return;
      }
    }
  }

  async unsent(): Promise<number> {
    const photos = (await this.#app.photos.listPhotos()).filter(({ state }) => state !== "sent");
    return (await this.#app.items.listItems()).filter(isUnsent).length + photos.length;
  }

  async #become(app: phone.App): Promise<void> {
    this.#app = app;
    await phone.unlock(app, this.person);
  }

  async #readable(): Promise<number> {
    return (await this.#app.items.listItems()).filter(({ readable }) => readable !== undefined).length;
  }

  async #asked(path: string, init: RequestInit, fate: (typeof FAULTS)[0]): Promise<Response> {
    const isSignOut = path === "/sign-out";
    this.trespasses += this.owes && !isSignOut ? 1 : 0;
    const answering: Answering = isSignOut ? () => this.#endSession() : () => this.server.answer(path, init);
    const { entries } = (path === "/api/sync" ? JSON.parse(String(init.body)) : { entries: [] }) as Push;
    if (entries.some(({ body }) => body !== undefined)) {
      reach("something older goes in the clear");
    }
    const answer = await fate(answering);
    if (answer.url === "") {
      return at(`https://log.example${path}`, answer); // Every answer of a network comes from somewhere.
    }
    this.owes = false;
    return answer;
  }

  async #endSession(): Promise<Response> {
    this.server.isSignedOut = true;
    return at(SIGNED_OUT_PAGE, phone.page());
  }
}

function at(url: string, answer: Response): Response {
  return Object.defineProperty(answer, "url", { value: url });
}

type Act = readonly [name: string, act: (world: World) => Promise<unknown>];

const ACTS: readonly Act[] = [
  ["save", (world) => world.save()],
  ["save", (world) => world.save()],
  ["change", (world) => world.change()],
  ["undo", (world) => world.undo()],
  ["send", (world) => world.drain()],
  ["send", (world) => world.drain()],
  ["send", (world) => world.drain()],
  ["save and send", (world) => Promise.all([world.save(), world.drain(), world.drain()])],
  ["crash", (world) => world.crash()],
  ["crash while saving", (world) => world.crashWhileSaving()],
  ["Ben comes", (world) => world.comes(phone.BEN)],
  ["Asha comes", (world) => world.comes(phone.ASHA)],
  ["lock", (world) => world.app.vault.lock().then(() => world.comes(world.person))],
  ["sign out", (world) => world.signOut()],
  ["sign in", (world) => world.signIn()],
  ["session ends", async (world) => (world.server.isSignedOut = true)],
  ["hide older", (world) => world.hideOlder()],
  ["hide older and send", (world) => Promise.all([world.hideOlder(), world.drain()])],
  ["back up", async (world) => world.server.backUp()],
  ["restore", async (world) => world.server.restore()],
  ["restart", (world) => world.restart()],
];

/** Every second phone has an older version first. */
test.each(SEEDS)("schedule %i", { timeout: 30_000 }, async (seed) => {
  const world = new World(await phone.newPhone(), randomFrom(seed));
  if (seed % 2 === 0) {
    await world.upgrade(await world.becomeOlder(seed % 4 === 0 ? 1 : 2));
  }
  for (let step = 0; step < STEPS; step += 1) {
    world.connect();
    const [name, act] = world.pick(ACTS);
    await act(world);
    reach(name);
    await world.app.items.listItems();
  }
  await world.heal();
  expect(await world.unsent()).toBe(0);
  expect(world.trespasses).toBe(0);
  await expectAllThere(world);
});

test("the schedules come to everything that they are for", () => {
  const outcomes = [
    "an upgrade",
    "told of a sign-out at once",
    "a sign-out is owed",
    "a run pays what is owed",
    "an upgrade is killed",
    "something older goes in the clear",
    "something older is hidden",
  ];
  expect([...ACTS.map(([name]) => name), ...outcomes].filter((what) => !reached.has(what))).toEqual([]);
});

/**
 * Each version of each entry once, in its order, in its author's name; and each of its photos whole. One that was
 * refused, and changed by its author since, may be missing: the later one is there.
 */
async function expectAllThere({ app, server, saved }: World): Promise<void> {
  const items = await app.items.listItems();
  const replaced = new Set(items.filter(({ state }) => state === "replaced").map(nameOf));
  const wanted = [...saved.values()].flat().filter(({ item }) => !replaced.has(nameOf(item)) || server.find(item));
  expect(new Set(server.held.map(nameOf)).size).toBe(server.held.length);
  expect(new Set(server.held.map(nameOf))).toEqual(new Set(wanted.map(({ item }) => nameOf(item))));
  expect(server.contradicted).toBe(0);
  for (const { item, said } of wanted) {
    expect(server.find(item)?.entry).toEqual(said.entry);
    expect(server.find(item)?.entry.author).toBe(item.author);
    expect((said.entry.photos ?? []).filter(({ id }) => server.photos.get(id)?.receivedAt == null)).toEqual([]);
  }
  for (const id of saved.keys()) {
    const arrived = server.held.filter((held) => held.id === id).map(nameOf);
    expect(arrived).toEqual([...new Set(wanted.filter(({ item }) => item.id === id).map(({ item }) => nameOf(item)))]);
  }
}
