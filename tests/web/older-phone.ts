// A phone as an older version of the app left it: entries in the clear, in every state.

import { deleteDB, type IDBPDatabase, openDB } from "idb";
import { expect, vi } from "vitest";

import type { Entry } from "../../web/src/generated/shapes.ts";
import { toText } from "../../web/src/lib/bytes.ts";
import type { OutboxItem, OutboxState, Readable } from "../../web/src/offline/item.ts";
import { wrap } from "../../web/src/offline/parcel.ts";
import type { Parcel } from "../../web/src/offline/rows/items.ts";
import * as phone from "./phone.ts";

/** What an entry could be before version 3. */
export const STATES = ["waiting", "sending", "needs-person", "sent"] as const;

/** It said in the clear whom an entry is about, and when something happened. */
export interface OlderRow extends Omit<OutboxItem, "version" | "epoch" | "hidden" | "readable">, Readable {
  readonly residentId: string;
  readonly occurredAt: string;
}

export interface OlderItem {
  readonly row: OlderRow;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly entry: Entry;
}

/** What an upgrade may not change: what each item is, how far it has come, and which of them have which bytes. */
export interface OlderRows {
  readonly items: readonly Pick<OutboxItem, "id" | "sha256" | "author" | "state" | "attempts" | "receipt">[];
  readonly parcels: readonly { readonly id: string; readonly sha256: string; readonly text: string }[];
}

/** What is other than usual about an older item. */
interface Changes {
  readonly entry?: Partial<Entry>;
  readonly row?: Partial<OlderRow>;
}

export async function anOlderItem(author: string, state: OutboxState, changes: Changes = {}): Promise<OlderItem> {
  const entry = phone.anEntry({ author, ...changes.entry });
  const { bytes, sha256 } = await wrap(entry);
  const isTried = state !== "waiting";
  const row = {
    id: entry.id,
    sha256,
    size: bytes.length,
    author,
    savedAt: phone.SERVER_TIME,
    state,
    attempts: isTried ? 2 : 0,
    lastTriedAt: isTried ? new Date().toISOString() : null,
    problem: (state === "needs-person" && phone.refusedAs(entry.id, "invalid", 422).problem) || null,
    receipt: (state === "sent" && phone.stored({ id: entry.id, sha256 }).receipt) || null,
    ...phone.LABEL,
    residentId: entry.resident,
    occurredAt: entry.occurred_at,
    ...changes.row,
  };
  return { row, bytes, entry };
}

/** Version 1 or 2 of the database, empty, in the place of the one that this app has. */
export async function openOlder(app: phone.App, version: 1 | 2): Promise<IDBPDatabase> {
  await app.database.close();
  await deleteDB("ap-log");
  return openDB("ap-log", version, {
    upgrade: (made) => {
      made.createObjectStore("outbox", { keyPath: ["id", "sha256"] });
      made.createObjectStore("parcels", { keyPath: ["id", "sha256"] });
      made.createObjectStore("facts");
      if (version === 2) {
        made.createObjectStore("drafts", { keyPath: "author" });
      }
    },
  });
}

/** Put these items into it. What is sent has no bytes there any more. */
export async function putOlder(database: IDBPDatabase, items: readonly OlderItem[]): Promise<void> {
  for (const { row, bytes } of items) {
    await database.put("outbox", row);
    await (row.state === "sent" ? null : database.put("parcels", { id: row.id, sha256: row.sha256, bytes }));
  }
}

/** The phone of this app with version 1 or 2 of its database, and these items alone. */
export async function keepOlder(app: phone.App, version: 1 | 2, items: readonly OlderItem[]): Promise<OlderRows> {
  const database = await openOlder(app, version);
  await putOlder(database, items);
  const rows = rowsOf(await database.getAll("outbox"), await database.getAll("parcels"));
  database.close();
  return rows;
}

/** What this version of the app finds: the first use of its database is the upgrade. */
export async function rowsIn(app: phone.App): Promise<OlderRows> {
  return app.database.using(async (now) => rowsOf(await now.getAll("outbox"), await now.getAll("parcels")));
}

/** The app goes in the middle of its upgrade, after this many rows. The next start has to do it all. */
export async function killUpgrade(app: phone.App, rows: number): Promise<void> {
  let done = 0;
  const update = IDBCursor.prototype.update;
  const killing = vi.spyOn(IDBCursor.prototype, "update").mockImplementation(function (this: IDBCursor, row) {
    if (done === rows) {
      throw new DOMException("The page is gone", "AbortError");
    }
    done += 1;
    return update.call(this, row);
  });
  await expect(app.items.listItems()).rejects.toThrow();
  killing.mockRestore();
}

function rowsOf(items: readonly OutboxItem[], parcels: readonly Parcel[]): OlderRows {
  return {
    items: items.map(({ id, sha256, author, state, attempts, receipt }) => {
      return { id, sha256, author, state, attempts, receipt };
    }),
    parcels: parcels.map(({ id, sha256, bytes }) => ({ id, sha256, text: toText(bytes) })),
  };
}
