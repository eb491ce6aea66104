/** What the bus says about itself; pino's loggers fit. */
export type BusLogger = {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

export const SILENT: BusLogger = { info: () => {}, warn: () => {} }
