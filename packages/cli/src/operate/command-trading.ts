import { randomUUID } from 'node:crypto'
import { type ApiClient, OutcomeUnknown } from '../session/index.ts'
import { EXIT } from '../exit-codes.ts'
import { type Terminal, paint, printLine, say } from '../terminal/index.ts'

export interface TradingCommand {
  readonly command: 'halt' | 'resume' | 'flatten'
  readonly reason: string
  /** From an earlier attempt whose outcome is unknown; a new one otherwise. */
  readonly idempotencyKey: string | undefined
  readonly json: boolean
}

const DONE = {
  halt: 'New entries are refused from now on; open positions keep their exits. Undo: tapedeck resume --reason …',
  resume: 'What the operator held is released. tapedeck status shows what is still in force.',
  flatten:
    'Positions are closed at market, entries canceled, trading halted. Next: tapedeck status',
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/**
 * Puts an operator's wish on the tape. When the answer is lost the outcome is unknown (exit code 9): the
 * same key makes it safe to send again, and the command to do so is printed.
 */
export const commandTrading = async (
  terminal: Terminal,
  gateway: ApiClient,
  { command, reason, idempotencyKey, json }: TradingCommand,
): Promise<number> => {
  const key = idempotencyKey ?? `cli-${randomUUID()}`
  say(terminal, `Asking ${gateway.url} to ${command}`)
  try {
    const { command_id } = await gateway.send<{ command_id: string }>(
      'POST',
      `/api/risk/v1/${command}`,
      { reason },
      key,
    )
    printLine(
      terminal,
      json
        ? JSON.stringify({ command, command_id, idempotency_key: key })
        : `${command_id}  ${DONE[command]}`,
    )
    return EXIT.OK
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    say(
      terminal,
      `${paint(terminal.err, 'yellow', 'unknown:')} no answer, so it may or may not have been carried out (${error.message})`,
    )
    say(terminal, `Send it again, which does nothing twice:`)
    say(terminal, `  tapedeck ${command} --reason ${quoted(reason)} --idempotency-key ${key}`)
    return EXIT.UNKNOWN_OUTCOME
  }
}
