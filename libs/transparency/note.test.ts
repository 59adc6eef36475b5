import { utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner, nodeVerify } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { formatNoteKey, noteKey, openNote, parseNoteKey, signNote } from './note.ts'
import { sha256 } from './testing/tile-store.ts'

const ours = nodeSigner(new Uint8Array(32).fill(1))
const theirs = nodeSigner(new Uint8Array(32).fill(2))
const key = noteKey(sha256, 'log.example', ours.publicKey)
const otherKey = noteKey(sha256, 'witness.example', theirs.publicKey)
const note = signNote(sha256, 'first\n\nlast\n', [{ name: 'log.example', signer: ours }])
const refused = (reason: string) => ({ outcome: 'refused', reason })

describe('a note is refused', () => {
  it.each([
    ['without a blank line', 'text\n'],
    ['without a signature', 'text\n\n'],
    ['without a last line feed', note.slice(0, -1)],
    ['with a hyphen for the dash', note.replace('—', '-')],
    ['with a name that holds a plus', note.replace('— log', '— l+g')],
    ['with a signature that is not base64', note.replace(/=*\n$/, '*\n')],
    ['with a control character', `a\u0007${note}`],
    ['with a carriage return', note.replace('first\n', 'first\r\n')],
    ['with too many signatures', note + note.split('\n').at(-2)!.concat('\n').repeat(64)],
  ])('%s', (_, text) => {
    expect(openNote(nodeVerify, text, [key])).toEqual(refused('malformed'))
  })
  it('when nobody known signed it', () => {
    expect(openNote(nodeVerify, note, [otherKey])).toEqual(refused('unknown_key'))
    expect(openNote(nodeVerify, note, [noteKey(sha256, 'other.example', ours.publicKey)])).toEqual(refused('unknown_key'))
    expect(openNote(nodeVerify, note, [])).toEqual(refused('unknown_key'))
  })
  it('when a known key is named with a wrong signature, though another known one is right', () => {
    const both = signNote(sha256, 'text\n', [
      { name: 'log.example', signer: ours },
      { name: 'witness.example', signer: { publicKey: theirs.publicKey, sign: () => new Uint8Array(64) } },
    ])
    expect(openNote(nodeVerify, both, [key, otherKey])).toEqual(refused('bad_signature'))
    expect(openNote(nodeVerify, both, [key]).outcome).toBe('opened')
  })
  it('after any change of a character', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.constantFrom('x', '\n', ' ', 'é'), (at, letter) => {
        const changed = note.slice(0, at) + letter + note.slice(at + 1)
        if (changed !== note) expect(openNote(nodeVerify, changed, [key]).outcome).toBe('refused')
      }),
    )
  })
})

describe('a note', () => {
  it('opens to its text and the known keys that signed', () => {
    expect(openNote(nodeVerify, note, [otherKey, key])).toEqual({ outcome: 'opened', text: 'first\n\nlast\n', signedBy: [key] })
  })
  it('is not written with a text that no reader would accept', () => {
    for (const text of ['no line feed', 'tab\t\n', '\ud800\n']) expect(() => signNote(sha256, text, [])).toThrow(RangeError)
  })
})

describe('a verifier key', () => {
  const text = formatNoteKey(key)
  it('is refused with a foreign id, another type, a cut key or a bad name', () => {
    const [name, id, base64] = text.split('+')
    for (const changed of [
      `${name}x+${id}+${base64}`,
      `${name}+00000000+${base64}`,
      `${name}+${id}+${base64?.slice(4)}`,
      `+${id}+${base64}`,
      text.replace('+AY', '+BI'),
      name!,
      '',
    ])
      expect(parseNoteKey(sha256, changed)).toBeUndefined()
    expect(() => noteKey(sha256, 'a b', ours.publicKey)).toThrow('white space')
  })
  it('comes back, also where its base64 holds a plus', () => {
    expect(parseNoteKey(sha256, text)).toEqual(key)
    const plus = noteKey(sha256, 'a', new Uint8Array(32).fill(0xfb))
    expect(formatNoteKey(plus).split('+').length).toBeGreaterThan(3)
    expect(parseNoteKey(sha256, formatNoteKey(plus))).toEqual(plus)
  })
  it('is the published one for a published log', () => {
    const published = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx'
    expect(formatNoteKey(parseNoteKey(sha256, published)!)).toBe(published)
  })
})

describe('a checkpoint', () => {
  const checkpoint = { origin: 'log.example', size: 15, root: sha256(utf8('root')) }
  it.each([
    ['no last line feed', (text: string) => text.slice(0, -1)],
    ['a size with a leading zero', (text: string) => text.replace('15', '015')],
    ['a size with a sign', (text: string) => text.replace('15', '+15')],
    ['a size past 2^53', (text: string) => text.replace('15', '9007199254740993')],
    ['an empty origin', (text: string) => text.replace('log.example', '')],
    ['a root of another length', (text: string) => text.replace(/\n[^\n]+=\n$/, '\nAAAA\n')],
    ['an empty extension line', (text: string) => `${text}\nx\n`],
  ])('is refused with %s', (_, change) => {
    expect(parseCheckpoint(change(formatCheckpoint(checkpoint)))).toBeUndefined()
  })
  it('is refused for another origin though the key signed it', () => {
    const foreign = signNote(sha256, formatCheckpoint({ ...checkpoint, origin: 'other.example' }), [{ name: 'log.example', signer: ours }])
    expect(openCheckpoint(nodeVerify, foreign, key)).toEqual(refused('other_origin'))
    expect(openCheckpoint(nodeVerify, note, key)).toEqual(refused('malformed'))
  })
  it('opens for the holder of the key', () => {
    expect(openCheckpoint(nodeVerify, signCheckpoint(sha256, checkpoint, ours), key)).toEqual({ outcome: 'opened', checkpoint })
    expect(parseCheckpoint(`${formatCheckpoint(checkpoint)}an extension\n`)).toEqual(checkpoint)
  })
})
