/**
 * The way to the other services: `/api/<service>/v1/…` and `/api/<service>/openapi.json`.
 *
 * Entry points: `createUpstreams`, `addProxyRoutes`. Invariants: the caller's credential ends here and a token of
 * the same role, alive for a minute, goes on; bodies stream both ways; nothing that writes is sent twice.
 */
export { addProxyRoutes } from './proxy-routes.ts'
export { createUpstreams, type Upstreams } from './upstreams.ts'
