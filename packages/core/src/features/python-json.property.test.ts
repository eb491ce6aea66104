import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { walkBars } from './bars.fixture.ts'
import {
  FeatureBuilder,
  pythonFloat,
  pythonObject,
  pythonString,
  snapshotHash,
  snapshotText,
  type FeatureSnapshot,
} from './index.ts'

/** Python's standard library is the yardstick of texts and hashes; where there is none, tests are skipped. */
const PYTHON = process.env['TAPEDECK_PYTHON'] ?? 'python3'

const hasPython =
  spawnSync(PYTHON, ['-c', 'import json, hashlib, struct'], { timeout: 20_000 }).status === 0

if (!hasPython)
  process.stderr.write(
    `${PYTHON} does not run, so nothing is compared with Python; name one with TAPEDECK_PYTHON\n`,
  )

/** Runs a script once over all lines and returns what it printed, one line for each. */
const inPython = (script: string, lines: readonly string[]): string[] => {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script], {
    input: lines.join('\n'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  })
  if (status !== 0) throw new Error(`python: ${stderr}`)
  return stdout.trimEnd().split('\n')
}

const withPython = hasPython ? describe : describe.skip

const bitsOf = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}
const fromBits = (bits: bigint): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

describe.each<[number, string]>([
  [5, '5.0'],
  [0, '0.0'],
  [-0, '-0.0'],
  [1e-7, '1e-07'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [123456789012345680000, '1.2345678901234568e+20'],
  [-2.5e-10, '-2.5e-10'],
  [5e-324, '5e-324'],
  [1.7976931348623157e308, '1.7976931348623157e+308'],
  [0.1 + 0.2, '0.30000000000000004'],
])('%d', (value, text) => {
  it(`is ${text}`, () => expect(pythonFloat(value)).toBe(text))
})

it.each([Number.NaN, Infinity, -Infinity])('%d has no text', (value) => {
  expect(() => pythonFloat(value)).toThrow(/expected a finite number/)
})

it('a snapshot says which numbers are floats, flags and whole numbers', () => {
  const text = snapshotText({
    close: 5,
    is_inside_bar: 1,
    candle_direction: -1,
    vol_burst: true,
    vol_state: 'low',
    atr_14: null,
  })
  expect(text).toBe(
    '{"atr_14": null, "candle_direction": -1, "close": 5.0, "is_inside_bar": 1, "vol_burst": true, "vol_state": "low"}',
  )
  expect(snapshotHash({ close: 5 })).not.toBe(snapshotHash({ close: 5.5 }))
})

it.each([
  [{ atr_15: 1 }, 'feature atr_15 is in no version of the schema'],
  [{ close: '5' }, 'feature close is 5, expected float or null'],
  [{ vol_burst: 1 }, 'feature vol_burst is 1, expected bool or null'],
])('%j has no text', (snapshot, message) => {
  expect(() => snapshotText(snapshot)).toThrow(message)
})

it('keys go by code point, not by UTF-16 unit', () => {
  const members = [
    ['\u{1F600}', '1'],
    ['\uFF5E', '2'],
    ['b', '3'],
    ['a', '4'],
  ] as const
  expect(pythonObject(members)).toBe('{"a": 4, "b": 3, "\\uff5e": 2, "\\ud83d\\ude00": 1}')
})

withPython('against Python itself', () => {
  it('writes every float64 as its repr', () => {
    const float = fc
      .oneof(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(fromBits),
        fc.double({ noNaN: true }),
        fc.integer().map((whole) => whole * 0.01),
        fc.integer({ min: -330, max: 310 }).map((power) => Number(`1e${power}`)),
      )
      .filter(Number.isFinite)
    fc.assert(
      fc.property(fc.array(float, { minLength: 2000, maxLength: 4000 }), (values) => {
        const script =
          "import sys,struct,json\nfor l in sys.stdin: print(json.dumps(struct.unpack('>d',bytes.fromhex(l.strip()))[0]))"
        expect(values.map((value) => pythonFloat(value))).toEqual(
          inPython(script, values.map(bitsOf)),
        )
      }),
      { numRuns: 4, endOnFailure: true },
    )
  })

  it('writes every string, and sorts every set of keys, as it does', () => {
    // Unpaired surrogates too: Python's strings may hold them.
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.array(unit, { maxLength: 8 }).map((units) => units.join('')),
    )
    const units = Array.from({ length: 0x200 }, (_, code) => String.fromCharCode(code))
    const dumps = 'import sys,json\nfor l in sys.stdin.buffer: print(json.dumps(json.loads(l)))'
    expect(units.map(pythonString)).toEqual(
      inPython(
        dumps,
        units.map((each) => JSON.stringify(each)),
      ),
    )
    const objects = fc.array(fc.uniqueArray(text, { maxLength: 6 }), {
      minLength: 300,
      maxLength: 600,
    })
    fc.assert(
      fc.property(objects, (all) => {
        const script =
          'import sys,json\nfor l in sys.stdin.buffer: print(json.dumps({k: k for k in json.loads(l)}, sort_keys=True))'
        const ours = all.map((keys) => pythonObject(keys.map((key) => [key, pythonString(key)])))
        expect(ours).toEqual(
          inPython(
            script,
            all.map((keys) => JSON.stringify(keys)),
          ),
        )
      }),
      { numRuns: 4, endOnFailure: true },
    )
  })

  it('finds the same hash of every snapshot, whether or not it went through JSON', () => {
    const builder = new FeatureBuilder()
    const snapshots = walkBars(300, 11).map((bar) => builder.update(bar))
    const script =
      'import sys,json,hashlib\nfor l in sys.stdin: print(hashlib.sha256(json.dumps(json.loads(l), sort_keys=True).encode()).hexdigest())'
    const texts = snapshots.map((each) => snapshotText(each))
    expect(snapshots.map((each) => snapshotHash(each))).toEqual(inPython(script, texts))
    // JSON knows no 5.0; the table of fields does.
    const travelled = snapshots.map((each) => JSON.parse(JSON.stringify(each)) as FeatureSnapshot)
    expect(travelled.map((each) => snapshotText(each))).toEqual(texts)
  })
})
