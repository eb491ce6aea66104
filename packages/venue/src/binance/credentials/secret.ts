import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/**
 * A text that prints as `[secret]` wherever it is shown by accident: in a template, in JSON, in a log, in
 * an error, in a debugger's console. `reveal` is the one way to the text, so that a search finds its uses.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}

/** What signs requests at a venue. */
export type Credentials = { readonly apiKey: Secret; readonly secret: Secret }
