import {
  type ServiceDefinition,
  anyAuthenticator,
  apiKeyAuthenticator,
  createAccessTokens,
} from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import {
  addKeyRoutes,
  createKeyStore,
  ensureFirstKey,
  liveTokenAuthenticator,
} from './keys/index.ts'
import { addPageRoutes } from './page/index.ts'
import { addPreferenceRoutes } from './preferences/index.ts'
import { addProxyRoutes, createUpstreams } from './proxy/index.ts'
import { addStatusRoutes, createStatus } from './status/index.ts'
import { MIGRATIONS, type Tables } from './store.ts'
import { STREAM_METRICS, addStreamRoutes, createStreams } from './stream/index.ts'

/** One origin for people and tools: who they are, what goes on, and the way to every other service. */
export const gatewayService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'gateway',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: STREAM_METRICS,
  decides,
  build: (context) => {
    const { config, clock } = context
    const tokens = createAccessTokens(config.TAPEDECK_JWT_SECRET, clock)
    const keys = createKeyStore(context.db, config.TAPEDECK_API_KEY_PEPPER, clock)
    const authenticate = anyAuthenticator(
      apiKeyAuthenticator(keys, config.TAPEDECK_API_KEY_PEPPER, clock),
      liveTokenAuthenticator(tokens, keys, clock),
    )
    const upstreams = createUpstreams(config.TAPEDECK_SERVICE_URLS)
    const status = createStatus(context)
    const streams = createStreams(context, authenticate)
    return {
      authenticate,
      routes: () => (app) => {
        addPageRoutes(app)
        addStatusRoutes(app, status)
        addStreamRoutes(app, streams)
        addKeyRoutes(app, { context, keys, tokens })
        addPreferenceRoutes(app, context)
        addProxyRoutes(app, { upstreams, tokens })
      },
      start: async () => {
        await ensureFirstKey(context, keys)
        status.start()
      },
      stop: async () => {
        await streams.stop()
        await status.stop()
        await upstreams.close()
      },
    }
  },
}
