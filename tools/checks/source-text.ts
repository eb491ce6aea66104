/** Comments, strings, and regular expressions after a sign that begins an expression. */
const COMMENTS = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`
const STRINGS = String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`
const TEMPLATE = String.raw`\x60(?:\\[\s\S]|[^\\\x60])*\x60`
const NOT_CODE = new RegExp(`(${COMMENTS})|(${STRINGS})|(${TEMPLATE})`, 'g')

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ')

/** The same text with comments and plain strings blanked out, so that a word found in it is code. Lines stay lines. */
export const codeOf = (text: string): string =>
  text.replaceAll(NOT_CODE, (match, comment?: string, string?: string) =>
    comment !== undefined || string !== undefined ? blank(match) : match,
  )

/** The same text with comments blanked out. */
export const withoutComments = (text: string): string =>
  text.replaceAll(NOT_CODE, (match, comment?: string) =>
    comment === undefined ? match : blank(match),
  )

const IMPORT =
  /^\s*(?:import|export)\b[^'"\x60;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/gm

/** What a file imports, as written. */
export const importsOf = (text: string): string[] =>
  [...withoutComments(text).matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!)

/** `@scope/name/deep` → `@scope/name`; `node:fs` and relative paths stay as they are. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** `path:line` of every match in a text. */
export const linesWith = (path: string, text: string, pattern: RegExp): string[] =>
  text
    .split('\n')
    .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : []))
