import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, readKey, verifyGrowth, verifyInclusion, verifySuccession } from './browser.ts'
import { logKey, origin, strangersKeyFile, vaultKey } from './testing/write-bundle.ts'
import { entryOf, writeLog } from './testing/write-log.ts'
import { changedKeys } from './testing/write-rotation.ts'

const strangersKey = strangersKeyFile.split('\n')[0]!
const flip = (base64: string, at = 0) => Buffer.from(base64, 'base64').map((byte, place) => (place === at ? byte ^ 1 : byte))
const flipped = (base64: string, at?: number) => Buffer.from(flip(base64, at)).toString('base64')
const log = writeLog(9)
const claim = log.inclusion(5)

describe('an entry is refused', () => {
  it.each([
    ['key_malformed', '/key', claim, 'nonsense'],
    ['key_malformed', '/key', claim, `${logKey}\n${vaultKey}`],
    ['other_log', '/checkpoint', claim, vaultKey],
    ['not_signed', '/checkpoint', claim, strangersKey],
    ['checkpoint_malformed', '/checkpoint', { ...claim, checkpoint: 'hello' }, logKey],
    ['signature_wrong', '/checkpoint', { ...claim, checkpoint: claim.checkpoint.replace('\n9\n', '\n8\n') }, logKey],
    ['body_malformed', '/body', { ...claim, body: '%' }, logKey],
    ['body_malformed', '/body', { ...claim, body: Buffer.from('{ "v": 1 }').toString('base64') }, logKey],
    ['shown_otherwise', '/body', { ...claim, shown: entryOf(6) }, logKey],
    ['beyond_checkpoint', '/index', { ...claim, index: 9 }, logKey],
    ['beyond_checkpoint', '/index', { ...claim, index: 0.5 }, logKey],
    ['proof_malformed', '/proof/1', { ...claim, proof: claim.proof.with(1, 'AAAA') }, logKey],
    ['proof_length', '/proof', { ...claim, proof: claim.proof.slice(1) }, logKey],
    ['proof_length', '/proof', { ...claim, proof: [...claim.proof, claim.proof[0]!] }, logKey],
    ['root_differs', '/proof', { ...claim, proof: claim.proof.with(2, flipped(claim.proof[2]!)) }, logKey],
    ['root_differs', '/proof', { ...claim, index: 4 }, logKey],
    ['root_differs', '/proof', { ...claim, body: log.inclusion(6).body }, logKey],
  ])('%s at %s', async (fault, place, changed, key) => {
    expect(await verifyInclusion(changed, key)).toMatchObject({ good: false, fault, place, text: expect.stringMatching(/./) })
  })

  it('with the path as far as it was walked, so that it can be drawn', async () => {
    const result = await verifyInclusion({ ...claim, proof: claim.proof.with(0, flipped(claim.proof[0]!)) }, logKey)
    const good = await verifyInclusion(claim, logKey)
    expect(result.path?.steps).toHaveLength(claim.proof.length)
    expect(good.good && result.path?.top !== good.root).toBe(true)
  })

  it('for any flipped byte of the proof or the body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(claim.proof.length), fc.nat(), async (which, seed) => {
        const changed =
          which === claim.proof.length
            ? { ...claim, body: flipped(claim.body, seed % Buffer.from(claim.body, 'base64').length) }
            : { ...claim, proof: claim.proof.with(which, flipped(claim.proof[which]!, seed % 32)) }
        expect((await verifyInclusion(changed, logKey)).good).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('where the page has no cryptography, without a word on the evidence', async () => {
    const kept = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!
    Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true })
    try {
      expect(await verifyInclusion(claim, logKey)).toMatchObject({ good: false, fault: 'no_cryptography', place: '' })
    } finally {
      Object.defineProperty(globalThis, 'crypto', kept)
    }
  })
})

describe('a log is refused', () => {
  const earlier = writeLog(5).checkpoint
  const later = writeLog(9)
  const proof = later.consistency(5)

  it.each([
    ['set_back', '/later', { earlier: later.checkpoint, later: earlier, proof }],
    ['forked', '/later', { earlier: writeLog(9, 100).checkpoint, later: later.checkpoint, proof: [] }],
    ['rewritten', '/proof', { earlier: writeLog(5, 100).checkpoint, later: later.checkpoint, proof }],
    ['rewritten', '/proof', { earlier, later: later.checkpoint, proof: proof.slice(1) }],
    ['rewritten', '/proof', { earlier, later: later.checkpoint, proof: [] }],
    ['proof_malformed', '/proof/0', { earlier, later: later.checkpoint, proof: ['AA=='] }],
    ['checkpoint_malformed', '/earlier', { earlier: '', later: later.checkpoint, proof }],
  ])('%s at %s', async (fault, place, changed) => {
    expect(await verifyGrowth(changed, logKey)).toMatchObject({ good: false, fault, place })
  })
})

describe('a key that follows from another', () => {
  const { keys, changes, thief } = changedKeys()
  const [first, second, third] = keys as [string, string, string]
  const [one, other] = changes.entries as [(typeof changes.entries)[0], (typeof changes.entries)[0]]

  it.each([
    ['not_signed', '/entries', { ...changes, entries: [] }],
    ['not_signed', '/entries', { ...changes, entries: [other] }],
    ['not_signed', '/entries', thief.changes],
    ['not_signed', '/checkpoint', { ...changes, checkpoint: thief.checkpoint }],
    ['body_malformed', '/entries/0/body', { ...changes, entries: [{ ...one, body: '%' }, other] }],
    ['root_differs', '/entries/1', { ...changes, entries: [one, { ...other, index: 21 }] }],
    ['root_differs', '/entries/0', { ...changes, entries: [{ ...one, proof: one.proof.slice(1) }, other] }],
    ['proof_malformed', '/entries/0/proof/0', { ...changes, entries: [{ ...one, proof: ['AA=='] }, other] }],
  ])('is refused: %s at %s', async (fault, place, claim) => {
    expect(await verifySuccession(claim, first, third)).toMatchObject({ good: false, fault, place })
  })

  it('is shown by the entries between, and never backwards', async () => {
    expect(await verifySuccession(changes, first, third)).toMatchObject({ good: true, size: 40, keys: [first, second, third] })
    expect(await verifySuccession(changes, first, second)).toMatchObject({ good: true, keys: [first, second] })
    expect(await verifySuccession(changes, third, first)).toMatchObject({ good: false, fault: 'not_signed' })
  })
})

describe('good', () => {
  it('is every entry of a log of any size, with a path from its leaf to the signed root', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), async (size, seed) => {
        const index = seed % size
        const result = await verifyInclusion({ ...writeLog(size).inclusion(index), shown: entryOf(index) }, logKey)
        expect(result).toMatchObject({ good: true, origin, size, index })
        if (!result.good) return
        const { leaf, steps, top } = result.path
        expect(top).toBe(result.root)
        expect([leaf, ...steps.map(({ parent }) => parent)].at(-1)).toBe(top)
        for (const [at, { left, right, given }] of steps.entries()) expect(given === 'left' ? right : left).toBe(steps[at - 1]?.parent ?? leaf)
      }),
      { numRuns: 40 },
    )
  })

  it('is every log that grew from an earlier one, from the empty one too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), async (size, seed) => {
        const from = 1 + (seed % size)
        const later = writeLog(size)
        expect(await verifyGrowth({ earlier: writeLog(from).checkpoint, later: later.checkpoint, proof: later.consistency(from) }, logKey)).toMatchObject({
          size,
        })
      }),
      { numRuns: 40 },
    )
    expect(await verifyGrowth({ earlier: writeLog(0).checkpoint, later: log.checkpoint, proof: [] }, logKey)).toMatchObject({ good: true, size: 9 })
  })

  it('opens checkpoints and keys', async () => {
    const keyId = logKey.split('+')[1]
    expect(await readKey(logKey)).toEqual({ good: true, origin, keyId })
    expect(await openCheckpoint(log.checkpoint, logKey)).toMatchObject({ good: true, origin, size: 9, keyId })
  })
})
