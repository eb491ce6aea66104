import type { SecretHider } from '../credentials/index.ts'
import { resolveNetwork } from '../networks.ts'
import { AccountStreamClient, type OpenLink } from '../streams/index.ts'
import { createListenKeys } from '../trading/index.ts'
import { fail, pass, type PreflightFinding } from './finding.ts'
import type { PreflightDesk } from './preflight-options.ts'

const PING_MS = 250
const LOOK_MS = 50
const NAME = 'account stream'

/** Opens the account's stream and waits for the answer to a ping, `streamMs` at most. The listen key is left to live. */
export const checkAccountStream = async (
  { rest, clock, network }: PreflightDesk,
  hider: SecretHider,
  streamMs: number,
  links: { readonly openLink?: OpenLink; readonly random?: () => number },
): Promise<PreflightFinding> => {
  let upAt: number | null = null
  const problems: string[] = []
  const { streamUrl } = resolveNetwork(network)
  const note = (_message: string, { reason }: Readonly<Record<string, unknown>>): void => {
    if (typeof reason === 'string') problems.push(reason)
  }
  const stream = new AccountStreamClient({
    ...links,
    clock,
    streamUrl,
    listenKeys: createListenKeys(rest, hider),
    listener: (event) => {
      if (event.kind !== 'stream') return
      if (event.state === 'up') upAt = clock.now()
      else problems.push(event.detail)
    },
    log: { info: () => undefined, warn: note },
    pingMs: PING_MS,
    pongMsMax: streamMs,
  })
  stream.start()
  const deadline = clock.now() + streamMs
  const isAlive = (): boolean => {
    const { heardAt } = stream.alive
    return upAt !== null && heardAt !== null && heardAt > upAt
  }
  while (!isAlive() && clock.now() < deadline)
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve))
  const alive = isAlive()
  await stream.stop()
  if (alive) return pass(NAME, `${streamUrl}/private opens, and answers a ping`)
  const reason = problems.at(-1) ?? 'nothing was said about why'
  return fail(
    NAME,
    upAt === null
      ? `${streamUrl}/private could not be opened in ${streamMs} ms: ${reason}`
      : `${streamUrl}/private opened, and answered no ping in ${streamMs} ms`,
    'Let websockets to this address through firewall and proxy. Without the stream every order is asked about instead.',
  )
}
