/**
 * The frame of one member of an archive segment. A segment is a file of gzip members, each of them one
 * append; any gzip reader reads it. Each member's header carries an extra field (RFC 1952 §2.3.1.1, id
 * `TD`) that says how long the member is, what it holds, what was archived before it, and the CRC-32 of
 * all of its bytes: so a changed bit is found wherever it lies, what is lost is known, and reading can
 * go on behind it.
 */
export type MemberFrame = {
  /** Bytes of the whole member, frame included. */
  readonly bytes: number
  readonly messages: number
  /** Tape sequences of its first and last message. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** The last tape sequence archived before it in this run; 0 for the first. */
  readonly previousSeq: number
}

/** Bytes before the deflate stream: the gzip header, the length of the extra field, the field. */
export const FRAME_BYTES = 52
const GZIP_HEADER_BYTES = 10
const CRC_AT = FRAME_BYTES - 4

/** What every member begins with: gzip, deflate, an extra field; no time, no flags of a machine. */
const MAGIC = Uint8Array.from(
  [
    [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255],
    [FRAME_BYTES - GZIP_HEADER_BYTES - 2, 0],
    [0x54, 0x44, FRAME_BYTES - GZIP_HEADER_BYTES - 6, 0],
  ].flat(),
)

/** CRC-32 of bytes, going on from that of the bytes before (zlib's). */
type Crc32 = (bytes: Uint8Array, before?: number) => number

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Of the whole member, with zeros where the checksum itself stands. */
const crcOf = (member: Uint8Array, crc32: Crc32): number => {
  const head = member.slice(0, FRAME_BYTES)
  viewOf(head).setUint32(CRC_AT, 0, true)
  return crc32(member.subarray(FRAME_BYTES), crc32(head))
}

/**
 * Frames a plain gzip member (header of ten bytes, no optional fields, as zlib writes it). `crc32` is
 * zlib's. Throws RangeError on a member that has another header.
 */
export const frameMember = (
  gzip: Uint8Array,
  about: Omit<MemberFrame, 'bytes'>,
  crc32: Crc32,
): Uint8Array => {
  if (gzip[0] !== MAGIC[0] || gzip[1] !== MAGIC[1] || gzip[2] !== MAGIC[2] || gzip[3] !== 0)
    throw new RangeError('expected a gzip member with a header of ten bytes')
  const member = new Uint8Array(FRAME_BYTES + gzip.length - GZIP_HEADER_BYTES)
  member.set(MAGIC)
  member.set(gzip.subarray(GZIP_HEADER_BYTES), FRAME_BYTES)
  const view = viewOf(member)
  view.setUint32(16, member.length, true)
  view.setUint32(20, about.messages, true)
  view.setBigUint64(24, BigInt(about.firstSeq), true)
  view.setBigUint64(32, BigInt(about.lastSeq), true)
  view.setBigUint64(40, BigInt(about.previousSeq), true)
  view.setUint32(CRC_AT, crcOf(member, crc32), true)
  return member
}

/** Whether a frame begins at an offset. What it says may still be damaged. */
export const beginsFrame = (bytes: Uint8Array, offset = 0): boolean =>
  MAGIC.every((byte, i) => bytes[offset + i] === byte)

/**
 * What a frame says, read from at least `FRAME_BYTES` bytes at the start of a member; null when these
 * bytes do not begin with one, or it says what cannot be.
 */
export const readFrame = (head: Uint8Array): MemberFrame | null => {
  if (head.length < FRAME_BYTES || !beginsFrame(head)) return null
  const view = viewOf(head)
  const frame = {
    bytes: view.getUint32(16, true),
    messages: view.getUint32(20, true),
    firstSeq: Number(view.getBigUint64(24, true)),
    lastSeq: Number(view.getBigUint64(32, true)),
    previousSeq: Number(view.getBigUint64(40, true)),
  }
  const { bytes, messages, firstSeq, lastSeq, previousSeq } = frame
  const isPossible =
    bytes > FRAME_BYTES &&
    messages > 0 &&
    Number.isSafeInteger(lastSeq) &&
    previousSeq < firstSeq &&
    lastSeq - firstSeq >= messages - 1
  return isPossible ? frame : null
}

/** Whether all bytes of a member are those that were written. */
export const isIntactMember = (member: Uint8Array, crc32: Crc32): boolean =>
  member.length > FRAME_BYTES && viewOf(member).getUint32(CRC_AT, true) === crcOf(member, crc32)
