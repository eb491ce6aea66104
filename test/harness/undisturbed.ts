import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import { archiveLines, firstDifference } from './archive.ts'
import type { Moment } from './chosen-moments.ts'
import { type Outcome, finish } from './finish.ts'
import { type Playing, startPlaying } from './start-playing.ts'
import { writeTradedSession } from './traded-session.ts'

/** A run that nothing disturbed: what every other run of the same recording must equal. */
export interface Undisturbed {
  readonly outcome: Outcome
  /** Every message of its tape, for those who choose when to strike. */
  readonly tape: readonly Moment[]
  /** Where the tape of another run parts from this one's; null when they are the same. */
  differenceFrom(other: Playing): Promise<string | null>
  remove(): void
}

/** Plays the recording in one process and keeps what it left behind. */
const playUndisturbed = async (file: string): Promise<Undisturbed> => {
  const playing = await startPlaying({ files: [file] })
  const outcome = await finish(playing)
  const tape: Moment[] = []
  for await (const line of archiveLines(playing.dataDir)) {
    const [seq, type] = /^(\d+) .*?"type":"([^"]+)"/.exec(line)!.slice(1)
    tape.push({ seq: Number(seq), type: type! })
  }
  return {
    outcome,
    tape,
    differenceFrom: async (other) => await firstDifference(playing.dataDir, other.dataDir),
    remove: () => playing.remove(),
  }
}

/** The traded session as a recording, and what an undisturbed run of it left behind; for a test file. */
export const withUndisturbed = (
  name: string,
  msMax: number,
): { readonly file: string; readonly undisturbed: () => Undisturbed } => {
  const folder = makeTestFolder(name)
  const file = join(folder, 'traded.ws.gz')
  let undisturbed: Undisturbed | null = null
  beforeAll(async () => {
    await writeTradedSession(file)
    undisturbed = await playUndisturbed(file)
  }, msMax)
  afterAll(() => {
    undisturbed?.remove()
    removeTestFolder(folder)
  })
  return {
    file,
    undisturbed: () => {
      if (undisturbed === null) throw new Error('the undisturbed run has not been played yet')
      return undisturbed
    },
  }
}
