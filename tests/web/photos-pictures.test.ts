// What a picture's file says besides the picture: how large it is, and what must not leave the phone.

import { describe, expect, test } from "vitest";

import { toBytes } from "../../web/src/lib/bytes.ts";
import { isJpeg, segmentsOf, withoutMetadata } from "../../web/src/lib/jpeg.ts";
import { pictureSize } from "../../web/src/lib/picture-size.ts";

const START = [0xff, 0xd8];
const TABLE = segment(0xdb, "quantisation");
const JFIF = segment(0xe0, "JFIF\0");
const ADOBE = segment(0xee, "Adobe");
const FRAME = [0xff, 0xc0, 0, 11, 8, 0x0b, 0xb8, 0x0f, 0xa0, 1, 1, 0x11, 0]; // 4000 wide, 3000 high.
const SCAN = [...segment(0xda, "scan"), 0x12, 0xff, 0x00, 0xff, 0xe1, 0x34, 0xff, 0xd9];
const SECRETS: readonly (readonly [string, number[]])[] = [
  ["EXIF with a place", segment(0xe1, "Exif\0\0GPS 51.6N 3.9W")],
  ["XMP with an owner", segment(0xe1, "http://ns.adobe.com/xap/1.0/\0Owner: Rhys")],
  ["a colour profile with a serial number", segment(0xe2, "ICC_PROFILE\0C02XY123")],
  ["a maker's note", segment(0xec, "Ducky")],
  ["IPTC with a name", segment(0xed, "Photoshop 3.0\0By-line: Rhys")],
  ["an unknown application's data", segment(0xef, "who knows")],
  ["a comment", segment(0xfe, "taken at Elm House")],
];

function segment(marker: number, text: string): number[] {
  const content = [...toBytes(text)];
  return [0xff, marker, Math.floor((content.length + 2) / 256), (content.length + 2) % 256, ...content];
}

function jpeg(...parts: number[][]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...START, ...parts.flat()]);
}

describe("a JPEG", () => {
  test.each(SECRETS)("loses %s, and nothing of the picture", (_, secret) => {
    const clean = jpeg(JFIF, TABLE, ADOBE, FRAME, SCAN);
    expect(withoutMetadata(jpeg(JFIF, secret, TABLE, ADOBE, secret, FRAME, SCAN))).toEqual(clean);
    expect(withoutMetadata(clean)).toEqual(clean);
  });

  test("keeps what only looks like a segment inside the picture", () => {
    const clean = jpeg(TABLE, FRAME, SCAN);
    expect([...withoutMetadata(clean).slice(-8)]).toEqual(SCAN.slice(-8));
  });

  test("cut short anywhere ends the search without an error", () => {
    const whole = jpeg(JFIF, ...SECRETS.map(([, secret]) => secret), TABLE, FRAME, SCAN);
    for (let length = 0; length <= whole.length; length += 1) {
      const cut = whole.slice(0, length);
      expect([...segmentsOf(cut)].every(({ start, end }) => end > start)).toBe(true);
      expect(() => [withoutMetadata(cut), pictureSize(cut)]).not.toThrow();
    }
  });

  test("with a segment of no length ends the search", () => {
    expect([...segmentsOf(jpeg([0xff, 0xe1, 0, 0, 0, 0]))].length).toBeLessThan(3);
  });

  test("is told from anything else", () => {
    expect([isJpeg(jpeg(TABLE)), isJpeg(toBytes("\u0089PNG")), isJpeg(new Uint8Array())]).toEqual([true, false, false]);
  });
});

describe("how large a picture is", () => {
  test("is read behind long data of the camera", () => {
    const note = segment(0xe1, "x".repeat(60_000));
    expect(pictureSize(jpeg(note, note, note, TABLE, FRAME, SCAN))).toEqual({ width: 4000, height: 3000 });
  });

  test.each([
    ["a PNG", [0x89, ...toBytes("PNG\r\n\u001a\n"), 0, 0, 0, 13, ...toBytes("IHDR"), 0, 0, 0x32, 0xc8, 0, 0, 0x32, 0xc8], 13_000, 13_000],
    ["a GIF", [...toBytes("GIF89a"), 0x40, 0x01, 0xf0, 0x00], 320, 240],
    ["a simple WebP", [...toBytes("RIFF....WEBPVP8 ......."), 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00], 320, 240],
    ["an extended WebP", [...toBytes("RIFF....WEBPVP8X"), ...Array(8).fill(0), 0x3f, 0x01, 0, 0xef, 0, 0], 320, 240],
    ["a lossless WebP", [...toBytes("RIFF....WEBPVP8L"), 0, 0, 0, 0, 0x2f, 0x3f, 0xc1, 0x3b, 0, ...Array(6).fill(0)], 320, 240],
  ])("is read from %s", (_, bytes, width, height) => {
    const padded = Uint8Array.from([...(bytes as number[]), ...Array(10).fill(0)]);
    expect(pictureSize(padded)).toEqual({ width, height });
  });

  test("is not known of what is no picture", () => {
    expect([pictureSize(toBytes("%PDF-1.7")), pictureSize(new Uint8Array()), pictureSize(jpeg(TABLE))]).toEqual([null, null, null]);
  });
});
