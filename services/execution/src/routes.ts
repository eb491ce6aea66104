import { Uuid, type ExecutionCommandReceived, TapedeckError, output } from '@tapedeck/contracts'
import {
  CommandAccepted,
  CommandReason,
  type Routes,
  type ServiceContext,
  type ShellOf,
  addTableList,
  injectCommand,
  principalOf,
} from '@tapedeck/runtime'
import { z } from 'zod'
import type { CONFIG } from './config.ts'
import type { Tables } from './migrations.ts'

type Context = ServiceContext<typeof CONFIG, Tables>
type Command = Omit<ExecutionCommandReceived, 'account' | 'command_id'>

const Id = z.strictObject({ id: z.string().min(1).max(96) })

const LISTS = [
  ['orders', 'order', 'client_order_id', 'at'],
  ['trades', 'trade', 'trade_id', 'started_at'],
  ['fills', 'fill', 'fill_id', 'at'],
] as const

const addLists = (app: Parameters<Routes>[0], { db }: Context): void => {
  for (const [path, table, id, sort] of LISTS)
    addTableList(app, db, {
      url: `/v1/${path}`,
      summary: `All ${path}, newest first`,
      tag: 'execution',
      table,
      sort,
      id,
      filters: { run_id: Uuid.optional(), trade_id: z.string().max(96).optional() },
    })
  app.get(
    '/v1/positions',
    {
      config: { access: 'viewer' },
      schema: { summary: 'Positions, flat ones included', tags: ['execution'] },
    },
    async () => ({
      data: await db.kysely
        .selectFrom('position')
        .selectAll()
        .orderBy('at', 'desc')
        .limit(500)
        .execute(),
    }),
  )
}

/** Orders, trades, positions; an operator cancels and closes. */
export const routes =
  (context: Context, shell: ShellOf<Tables> | null): Routes =>
  (app) => {
    addLists(app, context)
    const send = async (command: Command): Promise<{ command_id: string }> =>
      await injectCommand(shell, (command_id) =>
        output('execution.command.received', {
          aggregate_id: command_id,
          aggregate_version: 1,
          occurred_at: context.clock.now(),
          correlation_id: command_id,
          payload: { account: context.trading.execution.account, command_id, ...command },
        }),
      )
    const commands = [
      ['/v1/orders/:id/cancel', 'cancel_order', 'order', 'client_order_id', 'Cancel an order'],
      [
        '/v1/trades/:id/close',
        'close_position',
        'trade',
        'trade_id',
        'Close the position of a trade at market',
      ],
    ] as const
    for (const [url, command, table, column, summary] of commands)
      app.post(
        url,
        {
          config: { access: 'trader', idempotency: 'around' },
          schema: {
            summary,
            tags: ['execution'],
            params: Id,
            body: CommandReason,
            response: { 202: CommandAccepted },
          },
        },
        async (request, reply) => {
          const { id } = request.params
          const known = await context.db.kysely
            .selectFrom(table as 'order')
            .select('status')
            .where(column as 'client_order_id', '=', id)
            .executeTakeFirst()
          if (known === undefined)
            throw new TapedeckError('NOT_FOUND', `There is no ${table} ${id}`)
          const by = principalOf(request).id
          return await reply
            .code(202)
            .send(await send({ command, target: id, reason: request.body.reason, by }))
        },
      )
  }
