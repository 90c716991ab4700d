// Finding one resident among those on the phone, by two letters of the name or by the room.

import type { ResidentReference } from "../generated/shapes.ts";

/** Those whose room begins with what was typed, or one of whose names does. Accents and capitals do not matter. */
export function narrow(residents: readonly ResidentReference[], typed: string): ResidentReference[] {
  const wanted = plain(typed.trim());
  return residents.filter((resident) => wanted === "" || isMatch(resident, wanted));
}

function isMatch(resident: ResidentReference, wanted: string): boolean {
  const name = plain(resident.name);
  return plain(resident.room).startsWith(wanted) || name.startsWith(wanted) || names(name).some(startsWith(wanted));
}

function names(name: string): string[] {
  return name.split(/[\s'’-]+/);
}

function startsWith(wanted: string): (name: string) => boolean {
  return (name) => name.startsWith(wanted);
}

/** Small letters without accents: "Siân" is found by "sian". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mark}/gu, "").toLocaleLowerCase("en-GB");
}
