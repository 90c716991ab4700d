// What is said of photos.

import { describe, expect, test } from "vitest";

import { goingWords, limitWords, photosWords, sizeWords, whyNotWords } from "../../web/src/components/photo-words.ts";
import type { PhotoItem, PhotoState } from "../../web/src/offline/rows/photos.ts";

const PROBLEM = { code: "bytes-lost", title: "This phone has lost this photo", way_on: "Take it again.", status: 0, reference: "" };

function photo(id: string, state: PhotoState): PhotoItem {
  const problem = state === "needs-person" ? PROBLEM : null;
  const known = { id, entry: "e", author: "a", sha256: "", size: 10, sent: 0, attempts: 0, lastTriedAt: null };
  return { ...known, state, problem, receivedAt: null };
}

describe("of an entry's photos", () => {
  const going = { id: "b", entry: "e", photo: 2, of: 3, percent: 40 };

  test.each([
    [[], ""],
    [["waiting"], "1 photo to send."],
    [["sent"], "Photo sent."],
    [["waiting", "waiting"], "2 photos to send."],
    [["sent", "waiting", "waiting"], "1 of 3 photos sent."],
    [["sent", "sent"], "All 2 photos sent."],
    [["sent", "needs-person"], "1 of 2 photos sent. This phone has lost this photo. Take it again."],
  ] as const)("%s: %s", (states, words) => {
    expect(photosWords(states.map((state, place) => photo("xyz"[place] ?? "", state)), going)).toBe(words);
  });

  test("what goes now is said in per cent, with the entry it belongs to and with no other", () => {
    expect(photosWords([photo("a", "sent"), photo("b", "sending")], going)).toBe("1 of 2 photos sent. Sending photo 2 of 3: 40 %.");
    expect(goingWords({ ...going, photo: 1, of: 1 })).toBe("Sending the photo: 40 %.");
  });
});

test("why a photo was not added names the file and says what to do", () => {
  expect(whyNotWords("letter.pdf", "no-picture")).toBe(
    "letter.pdf was not added. This phone cannot read it as a picture. Take a photo of it instead.",
  );
  expect(whyNotWords("", "full")).toContain("The photo was not added. This phone is nearly full. You can save the entry without it");
});

test("numbers and sizes are said as people say them", () => {
  expect([limitWords(1), limitWords(3)]).toEqual([
    "1 photo was not added. An entry can have 10.",
    "3 photos were not added. An entry can have 10.",
  ]);
  expect([sizeWords(1), sizeWords(412_300), sizeWords(1_234_567)]).toEqual(["1 kB", "412 kB", "1,235 kB"]);
});
