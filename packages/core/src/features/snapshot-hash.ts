import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { FeatureSnapshot } from './feature-snapshot.ts'
import type { FeatureType } from './feature-field.ts'
import { featureField } from './feature-fields.ts'
import { pythonFloat, pythonObject, pythonString } from './python-json.ts'

const textOf = (name: string, type: FeatureType, value: FeatureSnapshot[string]): string => {
  if (value === null) return 'null'
  if (type === 'float' && typeof value === 'number') return pythonFloat(value)
  if (type === 'int' && Number.isSafeInteger(value)) return String(value)
  if (type === 'bool' && typeof value === 'boolean') return String(value)
  if (type === 'string' && typeof value === 'string') return pythonString(value)
  throw new TypeError(`feature ${name} is ${String(value)}, expected ${type} or null`)
}

/**
 * The snapshot in the text of Python's `json.dumps(snapshot, sort_keys=True)`. The table of fields says
 * which numbers are floats, so that the text survives JSON, which turns 5.0 into 5. Throws TypeError on
 * a field that no version has or a value of another type.
 */
export const snapshotText = (snapshot: FeatureSnapshot): string =>
  pythonObject(
    Object.entries(snapshot).map(([name, value]) => {
      const field = featureField(name)
      if (field === undefined) throw new TypeError(`feature ${name} is in no version of the schema`)
      return [name, textOf(name, field.type, value)]
    }),
  )

/** SHA-256 of that text, in hex. Verifiable with Python's standard library alone. */
export const snapshotHash = (snapshot: FeatureSnapshot): string =>
  bytesToHex(sha256(utf8ToBytes(snapshotText(snapshot))))
