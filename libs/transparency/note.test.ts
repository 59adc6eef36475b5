import { concat, toBase64, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodeSigner, nodeVerify } from '@gatehouse/crypto/node'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { cosign, formatNoteKey, noteKey, noteText, openNote, parseNoteKey, signNote, withSignatures } from './note.ts'
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
    expect(openNote(nodeVerify, note, [otherKey, key])).toEqual({ outcome: 'opened', text: 'first\n\nlast\n', signedBy: [key], cosignatures: [] })
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
    expect(openCheckpoint(nodeVerify, signCheckpoint(sha256, checkpoint, ours), key)).toEqual({ outcome: 'opened', checkpoint, cosignatures: [] })
    expect(parseCheckpoint(`${formatCheckpoint(checkpoint)}an extension\n`)).toEqual(checkpoint)
  })
})

describe('a cosignature', () => {
  const witness = noteKey(sha256, 'witness.example', theirs.publicKey, 'cosignature')
  const text = 'log.example\n3\nAAAA\n'
  const signed = signNote(sha256, text, [{ name: 'log.example', signer: ours }])
  const line = cosign(sha256, text, { name: 'witness.example', signer: theirs }, 1_679_315_147)
  const cosigned = withSignatures(signed, [line])

  it('of a known witness voids the note when it is wrong', () => {
    const late = line.replace('BkGFDL', 'BkGFDM')
    expect(late).not.toBe(line)
    for (const bad of [late, cosign(sha256, 'other\n', { name: 'witness.example', signer: theirs }, 1)]) {
      expect(openNote(nodeVerify, signed + bad, [key, witness])).toEqual(refused('bad_signature'))
    }
    const plain = signNote(sha256, text, [{ name: 'witness.example', signer: theirs }]).slice(text.length + 1)
    expect(openNote(nodeVerify, signed + plain, [key, witness])).toMatchObject({ cosignatures: [] })
  })
  it('is no signature of the log, whoever made it', () => {
    const own = noteKey(sha256, 'log.example', ours.publicKey, 'cosignature')
    expect(own.id).not.toEqual(key.id)
    const alone = `${text}\n${cosign(sha256, text, { name: 'log.example', signer: ours }, 5)}`
    expect(openNote(nodeVerify, alone, [key])).toEqual(refused('unknown_key'))
    expect(openCheckpoint(nodeVerify, `${text}\n${line}`, key, [witness])).toEqual(refused('unknown_key'))
  })
  it('tells who saw the checkpoint and when', () => {
    expect(openNote(nodeVerify, cosigned, [key, witness])).toEqual({
      outcome: 'opened',
      text,
      signedBy: [key, witness],
      cosignatures: [{ key: witness, seconds: 1_679_315_147, line }],
    })
    expect(noteText(cosigned)).toBe(text)
  })
  it('is put to a note once', () => {
    expect(withSignatures(cosigned, [line, line])).toBe(cosigned)
  })
  it('has a key that reads and writes as text; keys of types to come are none that we know', () => {
    expect(parseNoteKey(sha256, formatNoteKey(witness))).toEqual(witness)
    const later = Uint8Array.of(0x06, ...theirs.publicKey)
    const id = sha256(concat(utf8('witness.example\n'), later)).subarray(0, 4)
    expect(parseNoteKey(sha256, `witness.example+${toHex(id)}+${toBase64(later)}`)).toBeUndefined()
  })
})
