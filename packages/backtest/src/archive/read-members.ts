import { promisify } from 'node:util'
import { crc32, gunzip } from 'node:zlib'
import {
  FRAME_BYTES,
  type MemberFrame,
  beginsFrame,
  isIntactMember,
  readFrame,
} from '@tapedeck/contracts'
import { FileWindow } from './file-window.ts'

const inflate = promisify(gunzip)

/** A journal commits a few MiB at once; whoever claims more than this is damaged. */
const MEMBER_BYTES_MAX = 256 * 1024 * 1024
/** Text that a member may hold; beyond it no string can. */
const TEXT_BYTES_MAX = 512 * 1024 * 1024
const SCAN_BYTES = 1024 * 1024

/** A member whose bytes are whole, or what is wrong where one should be. */
export type FoundMember =
  | {
      readonly ok: true
      readonly offset: number
      readonly frame: MemberFrame
      readonly text: Buffer
    }
  | {
      readonly ok: false
      readonly offset: number
      readonly kind: 'MEMBER_DAMAGED' | 'CUT_OFF'
      readonly what: string
    }

type Taken = { readonly frame: MemberFrame; readonly text: Buffer }

/** The member at an offset, or why there is none: in words. */
const takeMember = async (window: FileWindow, offset: number): Promise<Taken | string> => {
  const head = await window.read(offset, FRAME_BYTES)
  const frame = readFrame(head)
  if (frame === null)
    return head[0] === 0x1f && head[1] === 0x8b && head[3] === 0
      ? 'a gzip member without a frame, from a version that wrote none'
      : 'no member begins here: its frame is damaged'
  if (frame.bytes > MEMBER_BYTES_MAX || offset + frame.bytes > window.size)
    return `the frame says ${frame.bytes} bytes, and ${window.size - offset} are left in the file`
  const member = await window.read(offset, frame.bytes)
  if (!isIntactMember(member, crc32)) return 'its bytes do not give its checksum'
  try {
    return { frame, text: await inflate(member, { maxOutputLength: TEXT_BYTES_MAX }) }
  } catch (error) {
    return `it cannot be decompressed: ${String(error)}`
  }
}

/** Offset of the next whole member at or behind `from`; null when there is none. */
const nextMember = async (window: FileWindow, from: number): Promise<number | null> => {
  for (let start = from; start < window.size; start += SCAN_BYTES) {
    // What begins at the end of one piece is looked at in full with the next.
    const piece = await window.read(start, SCAN_BYTES + FRAME_BYTES)
    for (
      let at = piece.indexOf(0x1f);
      at !== -1 && at < SCAN_BYTES;
      at = piece.indexOf(0x1f, at + 1)
    )
      if (beginsFrame(piece, at) && typeof (await takeMember(window, start + at)) !== 'string')
        return start + at
  }
  return null
}

/** Whether the bytes from `offset` to the end are the beginning of a member that was not finished. */
const isCutOff = async (window: FileWindow, offset: number): Promise<boolean> => {
  const head = await window.read(offset, FRAME_BYTES)
  const frame = readFrame(head)
  if (frame !== null) return offset + frame.bytes > window.size && frame.bytes <= MEMBER_BYTES_MAX
  return head.length < FRAME_BYTES
}

/**
 * The members of one segment, from the start of the file to its end, each checked as a whole. Behind
 * bytes that are no member it goes on with the next whole one. Holds one member at a time.
 */
export async function* readMembers(file: string): AsyncGenerator<FoundMember, void, undefined> {
  const window = await FileWindow.open(file)
  try {
    let offset = 0
    while (offset < window.size) {
      const taken = await takeMember(window, offset)
      if (typeof taken !== 'string') {
        yield { ok: true, offset, ...taken }
        offset += taken.frame.bytes
        continue
      }
      const next = await nextMember(window, offset + 1)
      const isCut = next === null && (await isCutOff(window, offset))
      yield { ok: false, offset, kind: isCut ? 'CUT_OFF' : 'MEMBER_DAMAGED', what: taken }
      offset = next ?? window.size
    }
  } finally {
    await window.close()
  }
}
