// What lies around the picture in a JPEG: its segments, and the JPEG without those that tell more than the picture.

const START = 0xd8;
const SCAN = 0xda;
const FIRST_APP = 0xe0;
const ADOBE = 0xee; // Says how the colours are to be read, and nothing else.
const LAST_APP = 0xef;
const COMMENT = 0xfe;

/** `marker` is its second byte; `start` is where its marker is, `end` the first byte after it. */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === START && bytes[2] === 0xff;
}

/** The segments in front of the first scan, then the rest of the file as one more. Cut short, it ends where it can. */
export function* segmentsOf(jpeg: Uint8Array): Generator<Segment> {
  let start = 2;
  while (start + 4 <= jpeg.length && jpeg[start] === 0xff) {
    const marker = jpeg[start + 1] ?? 0;
    if (marker === SCAN) {
      yield { marker, start, end: jpeg.length };
      return;
    }
    if (marker === 0xff) {
      start += 1; // Filling.
      continue;
    }
    const end = start + 2 + (jpeg[start + 2] ?? 0) * 256 + (jpeg[start + 3] ?? 0);
    yield { marker, start, end };
    start = end;
  }
}

/** The same picture to the bit, without EXIF, place, thumbnail, colour profile and comments. */
export function withoutMetadata(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = [...segmentsOf(jpeg)].filter(({ marker }) => !tellsMore(marker));
  const parts = [jpeg.subarray(0, 2), ...kept.map(({ start, end }) => jpeg.subarray(start, end))];
  const clean = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    clean.set(part, place);
    place += part.length;
  }
  return clean;
}

function tellsMore(marker: number): boolean {
  return marker === COMMENT || (marker > FIRST_APP && marker <= LAST_APP && marker !== ADOBE);
}
