/**
 * The venue's trading API over WebSocket: requests in frames, answers in frames.
 *
 * Entry points: `ApiHub` (its connections; no sockets, time is an input), `API_PATH`. Invariants: a frame
 * becomes a request like any of REST and is answered by the same routes, limits and faults, so that there
 * is no rule of the venue here; every frame that can be answered at all is, with the id that it came with;
 * the same frames at the same times give the same answers.
 */
export { API_PATH, ApiHub, type ApiHubOptions } from './api-hub.ts'
