// Says that this phone's storage does not answer: nothing that is kept on it can be read now, and nothing saved.

import { StorageStuck } from "../offline/database.ts";
import { knownDevice } from "../offline/device.ts";

export class StuckStorage {
  constructor(place: HTMLElement) {
    knownDevice().catch((error: unknown) => {
      place.hidden = !(error instanceof StorageStuck);
    });
  }
}
