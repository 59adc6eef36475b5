/**
 * A dictionary as bytes, the way a chunk keeps it. Most columns are only handed on, from a source to a file or from one file to another:
 * their entries become strings when somebody looks at one, and not before.
 */
import type { DictionaryColumn } from './dataset.ts'
import type { Field } from './field.ts'

/** In every engine, but typed by the DOM or Node, which this package does without. */
declare const TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string }
declare const TextEncoder: new () => { encode(text: string): Uint8Array }

/** The entries one after the other in UTF-8, and the length of each in UTF-16 units. */
export interface PackedTexts {
  readonly bytes: Uint8Array
  readonly lengths: Uint32Array
}

/** The bytes are no text in UTF-8, or not the text of their entries. */
export class PackedTextsError extends Error {
  override readonly name = 'PackedTextsError'
}

/** Beside the column and not in it: whoever makes another column out of its parts makes one that knows nothing of these bytes. */
const packedOf = new WeakMap<DictionaryColumn, PackedTexts>()

/** @throws PackedTextsError from its `dictionary`, where the bytes hold no such entries */
export function packedColumn(field: Field, codes: Int32Array, texts: PackedTexts): DictionaryColumn {
  let dictionary: readonly string[] | undefined
  const column: DictionaryColumn = {
    kind: 'dictionary',
    field,
    codes,
    get dictionary() {
      dictionary ??= unpacked(texts)
      return dictionary
    },
  }
  packedOf.set(column, texts)
  return column
}

/** The same column under another name. */
export function withField(column: DictionaryColumn, field: Field): DictionaryColumn {
  const texts = packedOf.get(column)
  return texts === undefined ? { ...column, field } : packedColumn(field, column.codes, texts)
}

/** A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD. */
export function packedTexts(column: DictionaryColumn): PackedTexts {
  const texts = packedOf.get(column)
  if (texts !== undefined) return texts
  const { dictionary } = column
  return { bytes: new TextEncoder().encode(dictionary.join('')), lengths: Uint32Array.from(dictionary, (entry) => entry.length) }
}

function unpacked({ bytes, lengths }: PackedTexts): string[] {
  const text = textOf(bytes)
  const entries: string[] = new Array(lengths.length)
  let from = 0
  for (let entry = 0; entry < lengths.length; entry++) {
    const to = from + (lengths[entry] as number)
    entries[entry] = text.slice(from, to)
    from = to
  }
  if (from !== text.length) throw new PackedTextsError('the entries of the dictionary do not fill its text')
  return entries
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new PackedTextsError('the text of the dictionary is no UTF-8')
  }
}
