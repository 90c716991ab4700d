import { describe, expect, it } from "vitest";
import type { ResidentReference } from "../../web/src/generated/shapes.ts";
import { narrow } from "../../web/src/lib/roster.ts";

function resident(name: string, room: string, premises = "Elm House"): ResidentReference {
  return { id: name, name, room, premises, legal_status: "licence", antipsychotic: false, timeline: {} };
}

const GWENLLIAN = resident("Gwenllian Rhiannon Llywelyn-Fitzgerald", "14");
const GWILYM = resident("Gwilym Tudor", "7");
const SION = resident("Siôn Prydderch", "1");
const LEWIS = resident("Lewis Marsh", "12");
const OCONNELL = resident("Rhys O’Connell", "2a");
const ALL = [GWENLLIAN, GWILYM, SION, LEWIS, OCONNELL];

describe("narrowing the roster", () => {
  it.each([
    { typed: "", found: ALL },
    { typed: "  ", found: ALL },
    { typed: "gw", found: [GWENLLIAN, GWILYM] },
    { typed: "GWI", found: [GWILYM] },
    { typed: "tu", found: [GWILYM] },
    { typed: "fitz", found: [GWENLLIAN] },
    { typed: "sion", found: [SION] },
    { typed: "siôn p", found: [SION] },
    { typed: "conn", found: [OCONNELL] },
    { typed: "1", found: [GWENLLIAN, SION, LEWIS] },
    { typed: "12", found: [LEWIS] },
    { typed: "2A", found: [OCONNELL] },
    { typed: "wi", found: [] },
    { typed: "4", found: [] },
  ])("finds by the beginning of a name or a room: “$typed”", ({ typed, found }) => {
    expect(narrow(ALL, typed)).toEqual(found);
  });
});
