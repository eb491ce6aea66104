import { readFileSync } from 'node:fs'
import type { App } from '@tapedeck/runtime'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const FILES = [
  ['/', 'status.html', 'text/html; charset=utf-8'],
  ['/assets/status.css', 'status.css', 'text/css; charset=utf-8'],
  ['/assets/status.mjs', 'status.mjs', 'text/javascript; charset=utf-8'],
  ['/assets/status-views.mjs', 'status-views.mjs', 'text/javascript; charset=utf-8'],
  ['/assets/status-stream.mjs', 'status-stream.mjs', 'text/javascript; charset=utf-8'],
  ['/assets/icon.svg', 'icon.svg', 'image/svg+xml'],
] as const

/** The page and its files, read once. */
export const addPageRoutes = (app: App): void => {
  for (const [url, file, mediaType] of FILES) {
    const content = readFileSync(new URL(file, import.meta.url))
    app.get(
      url,
      { config: { access: 'public' }, schema: { hide: true } },
      async (_request, reply) =>
        await reply
          .header('content-security-policy', POLICY)
          .header('cache-control', 'no-cache')
          .type(mediaType)
          .send(content),
    )
  }
}
