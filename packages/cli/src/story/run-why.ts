import { EXIT } from '../exit-codes.ts'
import { StatusLine, type Terminal, printLine } from '../terminal/index.ts'
import { findChain } from './find-chain.ts'
import { tellStory } from './tell-story.ts'

export interface WhyOptions {
  readonly id: string
  readonly mainDataDir: string
  readonly json: boolean
}

/** Tells why something was (not) traded. Throws NOT_FOUND when nothing recorded is about the id. */
export const runWhy = async (
  terminal: Terminal,
  { json, ...search }: WhyOptions,
): Promise<number> => {
  const line = new StatusLine({ terminal, now: () => performance.now() })
  try {
    const chain = await findChain({ ...search, onProgress: (text) => line.show(text) })
    line.clear()
    if (json) for (const event of chain.events) printLine(terminal, JSON.stringify(event))
    else tellStory(terminal, chain)
    return EXIT.OK
  } finally {
    line.clear()
  }
}
