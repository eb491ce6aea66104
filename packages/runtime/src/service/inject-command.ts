import { randomUUID } from 'node:crypto'
import { type Output, TapedeckError } from '@tapedeck/contracts'
import type { BaseTables } from '@tapedeck/database'
import { z } from 'zod'
import type { ShellOf } from './service-definition.ts'

/** The body of a command that an operator gives: why, for the record. */
export const CommandReason = z.strictObject({
  reason: z.string().min(1).max(400).describe('Why, for the record'),
})

/** The answer to a command: it is on the tape and will be carried out in tape order. */
export const CommandAccepted = z.object({ command_id: z.string() })

/**
 * Puts an operator's wish on the tape; the service carries it out when it reads it back, so that it
 * replays too. Throws STATE_CONFLICT while no run has started.
 */
export const injectCommand = async <Tables extends BaseTables>(
  shell: ShellOf<Tables> | null,
  build: (commandId: string) => Output,
): Promise<z.infer<typeof CommandAccepted>> => {
  if (shell?.runId == null)
    throw new TapedeckError(
      'STATE_CONFLICT',
      'no run has started yet, so there is nothing to command',
    )
  const command_id = `cmd-${randomUUID()}`
  await shell.inject([build(command_id)])
  return { command_id }
}
