/** Thrown when the brain failed on a message and has to be built again without it. */
export class RebuildNeeded extends Error {
  constructor(cause: unknown) {
    super('the handler failed', { cause })
  }
}
