/** Text that is already HTML or SVG. Made by `markup` alone, so that what comes from data is always escaped. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand between tags and inside quotes. Characters that no document may hold are dropped. */
const escapeHtml = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
    // eslint-disable-next-line no-control-regex -- these are what XML and HTML forbid
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '')

export type Part = Html | string | number | null | readonly Part[]

const textOf = (part: Part): string => {
  if (part === null) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escapeHtml(part)
  return part.map(textOf).join('')
}

/**
 * HTML from a template: what is put in is escaped, unless it came out of `markup` itself. Null leaves nothing. It is not
 * called `html`, because formatters reflow templates of that name, and the page's script has to match its hash.
 */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((text, piece, index) => text + textOf(parts[index - 1]!) + piece))
