import { MESSAGE_BYTES_MAX, TAPE_PREFIX, TapedeckError } from '@tapedeck/contracts'

/** One message to append. */
export type AppendMessage = {
  readonly subject: string
  /** The event id. The same id twice is one message. */
  readonly id: string
  readonly bytes: Uint8Array
  /** `traceparent` is added from the active span unless it is here. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Refuses what can never be stored, before anything is sent. Throws MESSAGE_OVERSIZED, PUBLISH_FORBIDDEN. */
export const checkAppendable = ({ subject, id, bytes }: AppendMessage): void => {
  if (bytes.byteLength > MESSAGE_BYTES_MAX) {
    throw new TapedeckError(
      'MESSAGE_OVERSIZED',
      `${subject} ${id} has ${bytes.byteLength} bytes, at most ${MESSAGE_BYTES_MAX} are taken`,
      { details: { subject, id, bytes: bytes.byteLength, max: MESSAGE_BYTES_MAX } },
    )
  }
  if (!subject.startsWith(`${TAPE_PREFIX}.`)) {
    throw new TapedeckError('PUBLISH_FORBIDDEN', `${subject} is not a subject of the tape`, {
      details: { subject },
    })
  }
}
