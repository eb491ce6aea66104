import { Random } from '@tapedeck/core'
import { damageStream } from './damage-stream.ts'
import { SESSIONS, readSession } from './recorded-session.ts'
import { replayBooks, type Replay } from './replay-books.ts'

/**
 * The long form of the book tests: `node packages/venue/test/book-sync/print-book-sync.ts [seeds]`.
 * Prints what became of every recording, whole and damaged; ends with 1 when a claimed book was wrong.
 */
const SEEDS = Number(process.argv[2] ?? 20)
const SHARE = 0.01

const sumOf = (replay: Replay, field: 'changes' | 'quotes' | 'matched' | 'agreed'): number =>
  replay.files.reduce((sum, counts) => sum + counts[field], 0)

const taintedMs = ({ taints }: Replay): number[] =>
  taints.map(({ from, to }) => (to ?? from) - from)

let wrong = 0
const whole: Record<string, unknown>[] = []
const damaged: Record<string, unknown>[] = []
for (const [instrument, files] of SESSIONS) {
  const session = readSession(instrument, files)
  const replay = await replayBooks(session)
  for (const [i, file] of files.entries()) whole.push({ file, ...replay.files[i] })
  wrong += replay.wrong + sumOf(replay, 'matched') - sumOf(replay, 'agreed')
  const total = { dropped: 0, duplicated: 0, reordered: 0, resyncs: 0, matched: 0, agreed: 0 }
  const levels = { compared: 0, wrong: 0 }
  const silences: number[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { messages, damage } = damageStream(session.messages, SHARE, new Random(seed))
    const one = await replayBooks(session, messages)
    total.dropped += damage.dropped
    total.duplicated += damage.duplicated
    total.reordered += damage.reordered
    total.resyncs += one.resyncs
    total.matched += sumOf(one, 'matched')
    total.agreed += sumOf(one, 'agreed')
    levels.compared += one.compared
    levels.wrong += one.wrong
    silences.push(...taintedMs(one))
  }
  wrong += levels.wrong + total.matched - total.agreed
  const longest = silences.reduce((max, ms) => Math.max(max, ms), 0)
  const mean = silences.reduce((sum, ms) => sum + ms, 0) / Math.max(1, silences.length)
  damaged.push({
    session: session.name,
    ...total,
    ...levels,
    'mean ms': Math.round(mean),
    'max ms': longest,
  })
}
process.stdout.write('Undamaged, by file\n')
console.table(whole)
process.stdout.write(`1 % of the changes damaged, ${SEEDS} seeds\n`)
console.table(damaged)
process.exitCode = wrong === 0 ? 0 : 1
