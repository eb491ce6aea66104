/** What this package reports through. A pino logger fits as it is. */
export interface Logger {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** Says nothing. The default where a caller gave no logger. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} }
