// How large a picture says it is, read from its header before anything decodes it. Pure.

import { isJpeg, segmentsOf } from "./jpeg.ts";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Frames of any kind, but not the tables and arithmetic conditioning that stand between their numbers. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

/** Of a JPEG, PNG, GIF or WebP that begins with these bytes; null where it is something else or the header is later. */
export function pictureSize(head: Uint8Array): PictureSize | null {
  if (isJpeg(head)) {
    return jpegSize(head);
  }
  if (begins(head, 0, "\u0089PNG") && head.length >= 24) {
    return { width: big(head, 16, 4), height: big(head, 20, 4) };
  }
  if (begins(head, 0, "GIF8") && head.length >= 10) {
    return { width: little(head, 6, 2), height: little(head, 8, 2) };
  }
  return begins(head, 0, "RIFF") && begins(head, 8, "WEBP") && head.length >= 30 ? webpSize(head) : null;
}

function jpegSize(head: Uint8Array): PictureSize | null {
  for (const { marker, start } of segmentsOf(head)) {
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker) && start + 9 <= head.length) {
      return { height: big(head, start + 5, 2), width: big(head, start + 7, 2) };
    }
  }
  return null;
}

function webpSize(head: Uint8Array): PictureSize | null {
  if (begins(head, 12, "VP8X")) {
    return { width: little(head, 24, 3) + 1, height: little(head, 27, 3) + 1 };
  }
  if (begins(head, 12, "VP8L")) {
    const both = little(head, 21, 4);
    return { width: (both & 0x3fff) + 1, height: ((both >>> 14) & 0x3fff) + 1 };
  }
  return begins(head, 12, "VP8 ") ? { width: little(head, 26, 2) & 0x3fff, height: little(head, 28, 2) & 0x3fff } : null;
}

function begins(bytes: Uint8Array, at: number, word: string): boolean {
  return [...word].every((letter, place) => bytes[at + place] === letter.charCodeAt(0));
}

function big(bytes: Uint8Array, at: number, length: number): number {
  return bytes.subarray(at, at + length).reduce((number, byte) => number * 256 + byte, 0);
}

function little(bytes: Uint8Array, at: number, length: number): number {
  return bytes.subarray(at, at + length).reduceRight((number, byte) => number * 256 + byte, 0);
}
