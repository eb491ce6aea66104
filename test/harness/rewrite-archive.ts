import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import { type ArchiveRun, listArchiveRuns, readArchiveRun } from '@tapedeck/backtest'
import { type Message, frameMember, scopeOf, subjectOf } from '@tapedeck/contracts'

const onDamage = (damage: unknown): void => {
  throw new Error(`the archive is damaged: ${JSON.stringify(damage)}`)
}

/** A copy of a recorded run in which messages were changed, whole and with checksums that fit. */
export const rewriteArchive = async (
  run: ArchiveRun,
  folder: string,
  change: (message: Message) => Message,
): Promise<ArchiveRun> => {
  const copy = join(folder, run.runId)
  cpSync(run.folder, copy, { recursive: true })
  for (const name of readdirSync(copy)) if (name.endsWith('.tape.gz')) rmSync(join(copy, name))
  const lines: string[] = []
  const seqs: number[] = []
  for await (const { tapeSeq, message } of readArchiveRun(run, { onDamage })) {
    const changed = change(structuredClone(message))
    const subject = subjectOf(changed.type, scopeOf(changed.type, changed.payload))
    seqs.push(tapeSeq)
    lines.push(`${tapeSeq} ${subject} ${JSON.stringify(changed)}\n`)
  }
  const [firstSeq, lastSeq] = [seqs[0]!, seqs.at(-1)!]
  const about = { messages: lines.length, firstSeq, lastSeq, previousSeq: 0 }
  const member = frameMember(gzipSync(lines.join(''), { level: 1 }), about, crc32)
  writeFileSync(join(copy, `${String(firstSeq).padStart(16, '0')}.tape.gz`), member)
  return listArchiveRuns(folder).find(({ runId }) => runId === run.runId)!
}
