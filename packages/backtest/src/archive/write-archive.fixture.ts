import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import {
  type Message,
  type TradingConfig,
  canonicalJson,
  frameMember,
  output,
  scopeOf,
  sealMessage,
  shortHash,
  subjectOf,
} from '@tapedeck/contracts'

/** A message with its place on the tape. */
export type Placed = { readonly tapeSeq: number; readonly message: Message }

export type WrittenMember = {
  readonly file: string
  readonly offset: number
  readonly bytes: number
}

const lineOf = ({ tapeSeq, message }: Placed): string =>
  `${tapeSeq} ${subjectOf(message.type, scopeOf(message.type, message.payload))} ${JSON.stringify(message)}\n`

/** One member as the journal writes it. */
const memberOf = (placed: readonly Placed[], previousSeq: number): Uint8Array =>
  frameMember(
    gzipSync(placed.map(lineOf).join(''), { level: 1 }),
    {
      messages: placed.length,
      firstSeq: placed[0]!.tapeSeq,
      lastSeq: placed.at(-1)!.tapeSeq,
      previousSeq,
    },
    crc32,
  )

/** Writes a run as the journal does: `segments` of members of messages. Says where each member lies. */
export const writeArchive = (
  folder: string,
  runId: string,
  segments: readonly (readonly (readonly Placed[])[])[],
  trading?: TradingConfig,
): WrittenMember[] => {
  const run = join(folder, runId)
  mkdirSync(run, { recursive: true })
  if (trading !== undefined) {
    const text = canonicalJson(trading)
    writeFileSync(join(run, `config-${shortHash(text)}.json`), text)
  }
  let previous = 0
  return segments.flatMap((members) => {
    const first = members[0]![0]!.tapeSeq
    const file = join(run, `${String(first).padStart(16, '0')}.tape.gz`)
    let offset = 0
    const bytes = members.map((placed) => {
      const member = memberOf(placed, previous)
      previous = placed.at(-1)!.tapeSeq
      return member
    })
    writeFileSync(file, Buffer.concat(bytes))
    return bytes.map(({ length }) => {
      const at = offset
      offset += length
      return { file, offset: at, bytes: length }
    })
  })
}

/** Clocks of a run, one a second, lying at these tape sequences. */
export const clocks = (runId: string, tapeSeqs: readonly number[]): Placed[] =>
  tapeSeqs.map((tapeSeq, i) => ({
    tapeSeq,
    message: sealMessage(
      output('market.clock', {
        aggregate_id: 'market',
        aggregate_version: i + 1,
        occurred_at: tapeSeq * 1000,
        payload: { at: tapeSeq * 1000, jump: false },
      }),
      {
        seq: i + 1,
        runId,
        cause: null,
        producer: { service: 'ingest', version: '0.1.0', config_hash: '0'.repeat(16) },
        recordedAt: 1,
      },
    ),
  }))
