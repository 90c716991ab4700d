// Redraws a chosen picture on this phone, small enough to send. Only what can be seen in it is kept: what a camera
// writes beside it (place, time, owner, serial number, a thumbnail from before a crop) and its name are not.

import { sha256Hex } from "../lib/bytes.ts";
import { newId } from "../lib/ids.ts";
import { isJpeg, withoutMetadata } from "../lib/jpeg.ts";
import { pictureSize } from "../lib/picture-size.ts";
import type { PreparedPhoto } from "./rows/photos.ts";

/** Pixels a side: the small print on a label can be read. */
const LONGEST_SIDE = 2048;

/** What a poor connection carries in half a minute. The server takes four times as much. */
const BYTES_AIM = 1_000_000;

/** Decoded, each pixel is four bytes: beyond this a phone with little memory closes the page instead of saying no. */
const PIXELS_LIMIT = 64_000_000;

/** Below this there is memory for it, and what cannot be decoded is broken. */
const SURELY_FITS = 16_000_000;

/** Where a JPEG says its size, behind what the camera wrote about it. */
const HEAD_BYTES = 512 * 1024;

const TYPE = "image/jpeg";
const QUALITIES = [0.85, 0.75, 0.65, 0.5, 0.4];
const SMALLER = 0.7;

export type WhyNot = "no-picture" | "too-large";

/** The picture cannot be drawn here. */
export class NotDrawn extends Error {
  constructor(readonly why: WhyNot) {
    super(why);
  }
}

/** A new photo from a file that somebody chose. Rejects with NotDrawn. */
export async function drawPhoto(file: Blob): Promise<PreparedPhoto> {
  const bytes = await drawn(await decoded(file));
  return { claim: { id: newId(), sha256: await sha256Hex(bytes), size: bytes.length }, bytes };
}

/** A photo in small for the form, `side` pixels in square, its middle cut out. A canvas needs no address of its own. */
export async function drawThumbnail(photo: PreparedPhoto, side: number): Promise<HTMLCanvasElement> {
  const picture = await createImageBitmap(new Blob([photo.bytes], { type: TYPE }));
  const cut = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - cut) / 2, (picture.height - cut) / 2];
  const canvas = newCanvas(side, side);
  drawingOn(canvas).drawImage(picture, left, top, cut, cut, 0, 0, side, side);
  picture.close();
  return canvas;
}

/** The picture the right way up, as the browser turns it by what the camera wrote. */
async function decoded(file: Blob): Promise<ImageBitmap> {
  const size = pictureSize(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  const pixels = size === null ? 0 : size.width * size.height;
  if (pixels > PIXELS_LIMIT) {
    throw new NotDrawn("too-large");
  }
  return createImageBitmap(file).catch(() => {
    throw new NotDrawn(pixels > SURELY_FITS ? "too-large" : "no-picture");
  });
}

async function drawn(picture: ImageBitmap): Promise<Uint8Array<ArrayBuffer>> {
  let longest = Math.min(LONGEST_SIDE, Math.max(picture.width, picture.height));
  try {
    for (;;) {
      const bytes = await compressed(onCanvas(picture, longest / Math.max(picture.width, picture.height)));
      if (bytes !== null) {
        return bytes;
      }
      longest *= SMALLER;
    }
  } finally {
    picture.close();
  }
}

function onCanvas(picture: ImageBitmap, scale: number): HTMLCanvasElement {
  const canvas = newCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const drawing = drawingOn(canvas);
  drawing.fillStyle = "white"; // What is transparent would become black.
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** As a JPEG of at most the aimed size, or null where no quality is low enough. */
async function compressed(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, TYPE, quality));
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer());
    if (!isJpeg(bytes)) {
      throw new NotDrawn("too-large"); // The browser has no memory for it.
    }
    if (bytes.length <= BYTES_AIM) {
      return withoutMetadata(bytes); // Some browsers write a few words of their own.
    }
  }
  return null;
}

function newCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function drawingOn(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const drawing = canvas.getContext("2d");
  if (drawing === null) {
    throw new NotDrawn("too-large");
  }
  return drawing;
}
