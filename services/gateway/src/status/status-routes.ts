import type { App } from '@tapedeck/runtime'
import type { StatusSource } from './create-status.ts'
import { Status } from './status-schema.ts'

/** `GET /v1/status`. */
export const addStatusRoutes = (app: App, status: StatusSource): void => {
  app.get(
    '/v1/status',
    {
      config: { access: 'viewer' },
      schema: {
        summary:
          'What goes on: services, tape, feeds, session, setups, positions, refusals; null is unknown',
        tags: ['status'],
        response: { 200: Status },
      },
    },
    async () => await status.read(),
  )
}
