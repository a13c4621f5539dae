import { crc32, deflateRawSync } from "node:zlib";
import sharp from "sharp";

/** A picture of one colour. */
export const plainPicture = (
  background: string | { r: number; g: number; b: number; alpha?: number },
  { width = 32, height = 24, format = "png" as "png" | "jpeg" | "webp" | "gif" | "tiff" | "avif" } = {},
): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background } })
    .toFormat(format)
    .toBuffer();

export interface ZipFile {
  name: string;
  content: Uint8Array;
  deflate?: boolean;
  /** Unix mode, type included. */
  mode?: number;
  /** What the directory says instead of the truth. */
  claimedBytes?: number;
  flags?: number;
  method?: number;
}

/** A zip archive, of whatever files: also of such as no honest program packs. */
export function zipOf(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, deflate = false, mode = 0o100_644, flags = 0x800, ...claimed } of files) {
    const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
    const method = claimed.method ?? (deflate ? 8 : 0);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimed.claimedBytes ?? content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, nameBytes, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), common, rest, nameBytes]));
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}
