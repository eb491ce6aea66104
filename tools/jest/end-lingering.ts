const GRACE_MS = 10_000

/**
 * Ends a run whose tests have all ended but left something open (a server, a socket): jest would wait
 * for it forever. The exit code stays the run's own.
 */
export default class EndLingering {
  onRunComplete(): void {
    // Unreferenced: it only fires when something else keeps the process alive.
    setTimeout(() => {
      console.error('Something that a test opened is still open; ending the run without it.')
      // oxlint-disable-next-line unicorn/no-process-exit -- nothing else ends it, and servers end on exit
      process.exit()
    }, GRACE_MS).unref()
  }
}
