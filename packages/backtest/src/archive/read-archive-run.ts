import type { MessageType } from '@tapedeck/contracts'
import { type ArchiveDamage, type DamageKind, archiveDamaged } from './archive-damage.ts'
import type { ArchiveRun } from './archive-run.ts'
import { type ArchivedMessage, readLines } from './read-lines.ts'
import { type FoundMember, readMembers } from './read-members.ts'

export type ReadArchiveOptions = {
  /**
   * Told of each damage, in order; reading goes on behind it. Without it the first damage is thrown as
   * ARCHIVE_DAMAGED, after everything before it was yielded.
   */
  readonly onDamage?: (damage: ArchiveDamage) => void
  /** Only these are decoded and yielded; all bytes are checked all the same. */
  readonly types?: readonly MessageType[]
}

/** Walks members and knows what is missing between them. */
class RunReader {
  readonly #run: ArchiveRun
  readonly #report: (damage: ArchiveDamage) => void
  readonly #types: ReadonlySet<MessageType> | null
  /** Last tape sequence that was read or is known to have been lost. */
  #last = 0
  /** Damage of which it is not known yet how far it reaches. */
  #open: Pick<ArchiveDamage, 'kind' | 'file' | 'offset' | 'what'>[] = []

  constructor(run: ArchiveRun, { onDamage, types }: ReadArchiveOptions) {
    this.#run = run
    this.#types = types === undefined ? null : new Set(types)
    this.#report =
      onDamage ??
      ((damage) => {
        throw archiveDamaged(damage)
      })
  }

  async *read(): AsyncGenerator<ArchivedMessage, void, undefined> {
    for (const file of this.#run.segments) {
      let members = 0
      try {
        for await (const member of readMembers(file)) {
          members++
          yield* this.#member(file, member)
        }
      } catch (error) {
        if (!isSystemError(error)) throw error
        this.#open.push({ kind: 'FILE_UNREADABLE', file, offset: null, what: error.message })
        continue
      }
      if (members === 0)
        this.#open.push({ kind: 'CUT_OFF', file, offset: 0, what: 'the file is empty' })
    }
    this.#close(null)
  }

  *#member(file: string, found: FoundMember): Generator<ArchivedMessage, void, undefined> {
    const { offset } = found
    if (!found.ok) {
      this.#open.push({ kind: found.kind, file, offset, what: found.what })
      return
    }
    const { frame } = found
    this.#close(frame.previousSeq)
    if (frame.previousSeq > this.#last)
      this.#tell(
        'MESSAGES_LOST',
        file,
        offset,
        [this.#last + 1, frame.previousSeq],
        'not in the archive, though it held them before this member was written',
      )
    else if (frame.previousSeq < this.#last) {
      this.#tell(
        'OUT_OF_ORDER',
        file,
        offset,
        [frame.firstSeq, frame.lastSeq],
        `it was written after ${frame.previousSeq} and lies behind ${this.#last}`,
      )
      return
    }
    const context = { file, offset, runId: this.#run.runId, types: this.#types }
    for (const line of readLines(found.text, frame, context))
      if (line.kind === 'message') yield line.message
      else
        this.#tell('MESSAGE_UNREADABLE', file, offset, [line.bad.seq, line.bad.seq], line.bad.what)
    this.#last = frame.lastSeq
  }

  /** The next whole member says what was archived before it: so far reaches what was damaged. */
  #close(upTo: number | null): void {
    for (const { kind, file, offset, what } of this.#open)
      this.#tell(kind, file, offset, [this.#last + 1, upTo], what)
    if (this.#open.length > 0 && upTo !== null) this.#last = Math.max(this.#last, upTo)
    this.#open = []
  }

  #tell(
    kind: DamageKind,
    file: string,
    offset: number | null,
    [from_seq, to_seq]: readonly [number | null, number | null],
    what: string,
  ): void {
    this.#report({ kind, run_id: this.#run.runId, file, offset, from_seq, to_seq, what })
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error

/**
 * The messages of a run as the journal archived them, in tape order, across segments, one member in
 * memory at a time. Every byte is checked: see `frameMember`. A crash may have left an append
 * unfinished at the very end (`CUT_OFF`); the journal repairs that when it goes on.
 */
export const readArchiveRun = (
  run: ArchiveRun,
  options: ReadArchiveOptions = {},
): AsyncGenerator<ArchivedMessage, void, undefined> => new RunReader(run, options).read()
