import { Uuid, type RiskCommandReceived, output } from '@tapedeck/contracts'
import { applyLimits, flattenLimits } from '@tapedeck/core'
import {
  CommandAccepted,
  CommandReason,
  type Routes,
  type ServiceContext,
  type ShellOf,
  addTableList,
  checkIfMatch,
  injectCommand,
  isNotModified,
  principalOf,
} from '@tapedeck/runtime'
import { z } from 'zod'
import type { CONFIG } from './config.ts'
import type { Latest } from './latest.ts'
import type { Tables } from './store.ts'

type Context = ServiceContext<typeof CONFIG, Tables>
type Command = Omit<RiskCommandReceived, 'account' | 'command_id'>

const LimitsBody = z.strictObject({
  limits: z
    .record(z.string().max(80), z.union([z.number(), z.string().max(40)]))
    .describe('Limits to change, by name; those left out stay'),
})

const commander =
  (context: Context, shell: ShellOf<Tables> | null) =>
  async (command: Command): Promise<{ command_id: string }> =>
    await injectCommand(shell, (command_id) =>
      output('risk.command.received', {
        aggregate_id: command_id,
        aggregate_version: 1,
        occurred_at: context.clock.now(),
        correlation_id: command_id,
        payload: { account: context.trading.execution.account, command_id, ...command },
      }),
    )

const none = { limits: null, breaker: null } as const

/** Halt, reduce, resume, flatten: one route each, each with its reason on the record. */
const addTradingCommands = (
  app: Parameters<Routes>[0],
  send: ReturnType<typeof commander>,
): void => {
  const commands = [
    ['halt', 'operator', 'Refuse new entries until resumed'],
    ['reduce', 'operator', 'Only exits from now on'],
    ['resume', 'operator', 'Let go of what an operator or a liquidation holds'],
    ['flatten', 'operator', 'Close every position at market, cancel entries, halt'],
    ['resume_session', 'operator', 'Resume a paused session'],
  ] as const
  for (const [command, access, summary] of commands)
    app.post(
      `/v1/${command.replace('_', '-')}`,
      {
        config: { access, idempotency: 'around' },
        schema: {
          summary,
          tags: ['risk'],
          body: CommandReason,
          response: { 202: CommandAccepted },
        },
      },
      async (request, reply) => {
        const by = principalOf(request).id
        return await reply
          .code(202)
          .send(await send({ command, reason: request.body.reason, by, ...none }))
      },
    )
  app.post(
    '/v1/breakers/:breaker/reset',
    {
      config: { access: 'operator', idempotency: 'around' },
      schema: {
        summary: 'Reset a latched breaker; takes a reason',
        tags: ['risk'],
        params: z.strictObject({ breaker: z.string().min(1).max(40) }),
        body: CommandReason,
        response: { 202: CommandAccepted },
      },
    },
    async (request, reply) => {
      const by = principalOf(request).id
      const { breaker } = request.params
      const { reason } = request.body
      return await reply
        .code(202)
        .send(await send({ command: 'reset_breaker', reason, by, limits: null, breaker }))
    },
  )
}

const addLimits = (
  app: Parameters<Routes>[0],
  context: Context,
  latest: () => Latest,
  send: ReturnType<typeof commander>,
): void => {
  const current = () => {
    const changed = latest().of('risk.limits.changed')
    return {
      version: changed?.version ?? 1,
      limits: changed?.limits ?? flattenLimits(context.trading.risk),
    }
  }
  app.get(
    '/v1/limits',
    {
      config: { access: 'viewer' },
      schema: { summary: 'The limits in force, with their version', tags: ['risk'] },
    },
    (request, reply) => {
      const limits = current()
      return isNotModified(request, reply, limits.version) ? reply.send() : limits
    },
  )
  app.put(
    '/v1/limits',
    {
      config: { access: 'operator', ifMatch: true },
      schema: {
        summary: 'Change limits; If-Match names the version that was read',
        tags: ['risk'],
        body: LimitsBody,
        response: { 202: CommandAccepted },
      },
    },
    async (request, reply) => {
      checkIfMatch(request, current().version)
      // Refused here with the name of the limit; what reaches the tape is valid.
      applyLimits(context.trading.risk, request.body.limits)
      const by = principalOf(request).id
      const { limits } = request.body
      const reason = 'limits changed over REST'
      return await reply
        .code(202)
        .send(await send({ command: 'set_limits', reason, by, limits, breaker: null }))
    },
  )
}

/** The session, the limits, the decisions, and an operator's commands. */
export const routes =
  (context: Context, shell: ShellOf<Tables> | null, latest: () => Latest): Routes =>
  (app) => {
    const send = commander(context, shell)
    app.get(
      '/v1/session',
      {
        config: { access: 'viewer' },
        schema: { summary: 'Session guard and trading state', tags: ['risk'] },
      },
      () => ({
        session: latest().of('risk.session.updated'),
        trading_state: latest().of('risk.trading_state.changed'),
      }),
    )
    addTradingCommands(app, send)
    addLimits(app, context, latest, send)
    addTableList(app, context.db, {
      url: '/v1/decisions',
      summary: 'Decisions with every check, newest first',
      tag: 'risk',
      table: 'decision',
      sort: 'at',
      id: 'decision_id',
      filters: {
        run_id: Uuid.optional(),
        setup_id: z.string().max(96).optional(),
        reason: z.string().max(60).optional(),
      },
    })
  }
