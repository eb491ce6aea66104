/** What an adapter has to say to whoever operates it. No keys, signatures or listen keys, ever. */
export interface VenueLog {
  info(message: string, details: Readonly<Record<string, unknown>>): void
  warn(message: string, details: Readonly<Record<string, unknown>>): void
}

export const silentLog: VenueLog = { info: () => undefined, warn: () => undefined }
