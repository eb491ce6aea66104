import { describe, expect, it } from '@jest/globals'
import { count, counted, duration, figure, money, rate, utc, utcMillis } from './format.ts'
import { memoryTerminal } from './memory-terminal.fixture.ts'
import { StatusLine } from './status-line.ts'
import { formatPairs, formatTable } from './table.ts'

const AT = Date.UTC(2026, 0, 5, 9, 3, 7, 45)

describe('what people read', () => {
  it.each([
    [count(1_234_567), '1,234,567'],
    [counted(1, 'gap'), '1 gap'],
    [counted(0, 'gap'), '0 gaps'],
    [utc(AT), '2026-01-05 09:03:07Z'],
    [utc(AT, { day: false }), '09:03:07Z'],
    [utcMillis(AT), '09:03:07.045Z'],
    [duration(120), '120 ms'],
    [duration(4_230), '4.2 s'],
    [duration(200_000), '3m 20s'],
    [duration(3_720_000), '1h 02m'],
    [rate(950), '950'],
    [rate(12_300), '12.3k'],
    [rate(1_200_000), '1.20M'],
    [money('12.345'), '+12.35'],
    [money('-3.1'), '-3.10'],
    [money('0'), '0.00'],
    [money(null), '–'],
    [figure(0.123456789), '0.123457'],
    [figure(60_626.6), '60626.6'],
    [figure(1_449_807), '1449807'],
    [figure(null), 'unknown'],
    [figure('SELL'), 'SELL'],
  ])('%s is %s', (text, expected) => {
    expect(text).toBe(expected)
  })

  it('tables align numbers to the right and leave no space at the end of a line', () => {
    const table = formatTable(
      [{ title: 'name' }, { title: 'net', align: 'right' }, { title: 'why' }],
      [
        ['a', '+9.81', 'STOP'],
        ['longer', '-12.00', ''],
      ],
    )
    expect(table).toBe(['name       net  why', 'a        +9.81  STOP', 'longer  -12.00'].join('\n'))
  })

  it('pairs align their values, colored or not', () => {
    expect(
      formatPairs([
        ['a', '1'],
        ['long name', '2'],
      ]),
    ).toBe('  a          1\n  long name  2')
    expect(formatTable([{ title: 'x' }, { title: 'y' }], [['\u001B[1mab\u001B[22m', 'c']])).toBe(
      'x   y\n\u001B[1mab\u001B[22m  c',
    )
  })
})

describe('the status line', () => {
  it('is drawn over in a terminal, cut to its width, and goes away', () => {
    const terminal = memoryTerminal({ tty: true })
    const line = new StatusLine({ terminal, now: () => 0 })
    line.show('first')
    line.show('first')
    line.show('x'.repeat(100))
    line.log('stays')
    line.clear()
    const cut = `${'x'.repeat(58)}…`
    const erase = '\r\u001B[2K'
    expect(terminal.stderr()).toBe(`${erase}first${erase}${cut}${erase}stays\n${cut}${erase}`)
    expect(terminal.stdout()).toBe('')
  })

  it.each<[string, { tty?: boolean; env?: Record<string, string> }]>([
    ['no terminal', {}],
    ['a dumb terminal', { tty: true, env: { TERM: 'dumb' } }],
    ['a build server', { tty: true, env: { CI: 'true' } }],
  ])('is a plain line now and then on %s', (_name, options) => {
    const terminal = memoryTerminal(options)
    let now = 0
    const line = new StatusLine({ terminal, now: () => now })
    line.show('at the start')
    now = 29_999
    line.show('too early')
    now = 30_000
    line.show('half a minute later')
    line.clear()
    expect(terminal.stderr()).toBe('at the start\nhalf a minute later\n')
  })
})
