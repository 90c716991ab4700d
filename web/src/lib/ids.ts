// New ids, made on the phone: 128 random bits, so that two phones without signal never make the same one.

/** A new id as UUID text. */
export function newId(): string {
  return crypto.randomUUID();
}
