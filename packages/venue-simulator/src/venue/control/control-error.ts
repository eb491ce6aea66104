/** Why the control interface did not do what it was asked; the message names field, value, expectation. */
export class ControlError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound = (what: string): ControlError => new ControlError(404, what)
export const malformed = (what: string): ControlError => new ControlError(400, what)
