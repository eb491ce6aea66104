import { TapedeckError } from '@tapedeck/contracts'

/**
 * - `MEMBER_DAMAGED`: bytes of a member are not those that were written;
 * - `CUT_OFF`: the file ends inside a member: lost bytes, or an append that a crash cut off;
 * - `MESSAGES_LOST`: a member or a segment that a later member names as its predecessor is not there;
 * - `OUT_OF_ORDER`: a member that comes again or before its turn;
 * - `MESSAGE_UNREADABLE`: a line that is no message, in a member whose bytes are whole;
 * - `FILE_UNREADABLE`: a file that cannot be opened or read;
 * - `CONFIG_DAMAGED`: a recorded configuration that is not what its name says.
 */
export type DamageKind =
  | 'MEMBER_DAMAGED'
  | 'CUT_OFF'
  | 'MESSAGES_LOST'
  | 'OUT_OF_ORDER'
  | 'MESSAGE_UNREADABLE'
  | 'FILE_UNREADABLE'
  | 'CONFIG_DAMAGED'

/** Where an archive is damaged, and what of the tape that concerns. */
export type ArchiveDamage = {
  readonly kind: DamageKind
  readonly run_id: string
  readonly file: string
  /** Byte offset of the gzip member in the file; null where it is not about one. */
  readonly offset: number | null
  /** Tape sequences concerned, first and last; null where that cannot be known. */
  readonly from_seq: number | null
  readonly to_seq: number | null
  readonly what: string
}

export const damageText = ({
  kind,
  file,
  offset,
  from_seq,
  to_seq,
  what,
}: ArchiveDamage): string => {
  const place = offset === null ? file : `${file} at byte ${offset}`
  const range =
    from_seq === null
      ? ''
      : to_seq === from_seq
        ? `, tape sequence ${from_seq}`
        : `, tape sequences ${from_seq} to ${to_seq ?? 'the end'}`
  return `${kind} ${place}${range}: ${what}`
}

export const archiveDamaged = (damage: ArchiveDamage): TapedeckError =>
  new TapedeckError('ARCHIVE_DAMAGED', damageText(damage), { details: { ...damage } })
