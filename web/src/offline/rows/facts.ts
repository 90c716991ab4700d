// The rows of `facts`: single values that say nothing of any resident, by name.

import { using, write } from "../database.ts";

export async function findFact(name: string): Promise<unknown> {
  return using((database) => database.get("facts", name));
}

export async function keepFact(name: string, value: unknown): Promise<void> {
  await write(["facts"], ({ store }) => store.put(value, name));
}

/** Keep a value unless one is there already; answers the one that is kept. */
export async function keepFactOnce(name: string, value: unknown): Promise<unknown> {
  return write(["facts"], async ({ store }) => {
    const held = await store.get(name);
    if (held === undefined) {
      await store.put(value, name);
    }
    return held ?? value;
  });
}

export async function forgetFact(name: string): Promise<void> {
  await write(["facts"], ({ store }) => store.delete(name));
}
