import { describe, expect, it } from '@jest/globals'
import { Random } from '@tapedeck/core'
import { damageStream } from './book-sync/damage-stream.ts'
import { SESSIONS, hasRecordings, readSession } from './book-sync/recorded-session.ts'
import { replayBooks } from './book-sync/replay-books.ts'

const describeWithData = hasRecordings() ? describe : describe.skip

/** Quotes with the id of a book state, by file. */
const MATCHES: Readonly<Record<string, number>> = {
  'usdm-btcusdt-20230404': 310,
  'usdm-btcusdt-20230405': 1255,
  'usdm-btcusdt-20240808': 629,
  'spot-btcusdt-20240808': 565,
  'spot-btcusdt-20240809': 507,
  'spot-nexousdt-20240723': 131,
  'spot-nexousdt-20240724': 12_067,
}

describeWithData('books of the recordings (skipped where they are absent)', () => {
  const sessions = SESSIONS.map(([instrument, files]) => ({
    name: files.join(' + '),
    session: readSession(instrument, files),
  }))

  it.each(sessions)('$name: every claimed book is the venue’s', async ({ session }) => {
    const replay = await replayBooks(session, session.messages, 10)
    for (const [i, file] of session.files.entries())
      expect(replay.files[i]).toMatchObject({ matched: MATCHES[file], agreed: MATCHES[file] })
    expect(replay).toMatchObject({ wrong: 0, resyncs: 0, snapshots: 1, taints: [], synced: true })
    expect(replay.compared).toBeGreaterThan(100)
  })

  // The long form, for many seeds and as a table: book-sync/print-book-sync.ts
  it.each(sessions.flatMap(({ name, session }) => [1, 2].map((seed) => ({ name, session, seed }))))(
    '$name with 1 % lost, repeated or late, seed $seed: broken books are told, claimed ones are right',
    async ({ session, seed }) => {
      const { messages, damage } = damageStream(session.messages, 0.01, new Random(seed))
      const replay = await replayBooks(session, messages, 5)
      for (const { matched, agreed } of replay.files) expect(agreed).toBe(matched)
      expect(replay.wrong).toBe(0)
      expect(replay.compared).toBeGreaterThan(100)
      expect(replay.synced).toBe(true)
      // Each loss and each delay breaks the chain once, unless it falls into a repair; a repetition never does.
      expect(replay.resyncs).toBeGreaterThan((damage.dropped + damage.reordered) / 2)
      expect(replay.resyncs).toBeLessThanOrEqual(damage.dropped + damage.reordered)
      expect(replay.taints).toHaveLength(replay.resyncs)
      for (const { to, toId, from, fromId } of replay.taints) {
        expect(to).toBeGreaterThan(from)
        expect(toId).toBeGreaterThan(fromId)
      }
    },
  )
})
