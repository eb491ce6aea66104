import { type Terminal, paint, printLine } from '../terminal/index.ts'

/** One line of a doctor, whatever it looked at. */
export interface PrintableFinding {
  readonly name: string
  readonly result: 'pass' | 'warn' | 'fail' | 'skip'
  readonly detail: string
  readonly fix: string | null
}

const MARKS = {
  pass: ['green', '✓'],
  warn: ['yellow', '!'],
  fail: ['red', '✗'],
  skip: ['yellow', '-'],
} as const

/** A line for each, and what to do about it below. */
export const printFindings = (terminal: Terminal, findings: readonly PrintableFinding[]): void => {
  const width = Math.max(...findings.map(({ name }) => name.length))
  for (const { name, result, detail, fix } of findings) {
    const [color, mark] = MARKS[result]
    printLine(
      terminal,
      `${paint(terminal.out, color, `${mark} ${result}`)}  ${name.padEnd(width)}  ${detail}`,
    )
    if (fix !== null) printLine(terminal, `${' '.repeat(width + 10)}→ ${fix}`)
  }
}
