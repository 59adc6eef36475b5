import { createPublicKey, verify as verifySignature, webcrypto } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cryptography } from '../cryptography.ts'
import { keyFile, logKey, strangersKeyFile, uuid, vaultKey, writeBundle } from '../testing/write-bundle.ts'
import { verifyBundle } from './verify.ts'

/** Asynchronous hashes, as a browser has them. */
const cryptography: Cryptography = {
  sha256: async (data) => new Uint8Array(await webcrypto.subtle.digest('SHA-256', Uint8Array.from(data))),
  sha512: async (data) => new Uint8Array(await webcrypto.subtle.digest('SHA-512', Uint8Array.from(data))),
  verifyEd25519: (publicKey, message, signature) =>
    verifySignature(
      null,
      message,
      createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' }),
      signature,
    ),
}
type Bundle = ReturnType<typeof writeBundle>
const small = { subjects: 2, blocks: 3, noise: 2 }
const check = (bundle: unknown, keys = keyFile) => verifyBundle(JSON.stringify(bundle), keys, cryptography)

/** The faults after a change: places only. */
async function faultsAfter(change: (bundle: Bundle) => unknown): Promise<string[]> {
  const bundle = writeBundle(small)
  change(bundle)
  const report = await check(bundle)
  expect(report.verdict).toBe('bad')
  return report.checks.filter((line) => line.verdict === 'bad').map((line) => line.place)
}

describe('cannot tell', () => {
  it.each([
    ['no JSON', '{"format":', 'not JSON'],
    ['another format', '{"format":"gatehouse-evidence/v9"}', 'reads those formats only'],
    ['a bare value', 'null', 'reads those formats only'],
  ])('%s', async (_, text, words) => {
    const report = await verifyBundle(text, keyFile, cryptography)
    expect(report.verdict).toBe('cannot_tell')
    expect(report.checks[0]?.text).toContain(words)
  })
  it('when only a stranger signed the checkpoint', async () => {
    const report = await check(writeBundle(small), strangersKeyFile)
    expect(report.verdict).toBe('cannot_tell')
    expect(report.checks[0]).toMatchObject({ verdict: 'cannot_tell', place: '/log/checkpoint' })
  })
  it('when the key of the vault is not given', async () => {
    const report = await check(writeBundle(small), logKey)
    expect(report.verdict).toBe('cannot_tell')
    expect(report.checks.find((line) => line.verdict === 'cannot_tell')?.place).toBe('/vault/chains')
  })
  it.each([
    ['empty', '# nothing\n', 'names no key'],
    ['with a line that is no key', `${logKey}\nfoo`, 'line 2'],
    ['with a key id of another key', logKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'key id does not belong'],
  ])('when the key file is %s', async (_, keys, words) => {
    const report = await check(writeBundle(small), keys)
    expect(report).toMatchObject({ verdict: 'cannot_tell', checks: [{ text: expect.stringContaining(words) }] })
  })
})

describe('bad, with the place', () => {
  it.each<[string, string, (bundle: Bundle) => unknown]>([
    ['a checkpoint of another size', '/log/checkpoint', (b) => (b.log.checkpoint = b.log.checkpoint.replace('\n9\n', '\n8\n'))],
    ['another origin', '/log/checkpoint', (b) => (b.origin += 'x')],
    ['swapped entries', '/log/entries/1/index', (b) => b.log.entries.reverse()],
    ['a doubled entry', '/log/entries/1/index', (b) => b.log.entries.splice(1, 0, b.log.entries[0]!)],
    ['a dropped entry that the story tells', '/story/0/entry', (b) => b.log.entries.shift()],
    ['a dropped last head', '/vault/chains/0/blocks/1', (b) => b.log.entries.splice(1, 1)],
    ['a dropped proof hash', '/log/entries/2', (b) => b.log.entries[2]!.proof.pop()],
    ['a doubled proof hash', '/log/entries/2', (b) => b.log.entries[2]!.proof.push(b.log.entries[2]!.proof[0]!)],
    ['swapped proof hashes', '/log/entries/0', (b) => b.log.entries[0]!.proof.reverse()],
    ['an index past the log', '/log/entries/2/index', (b) => (b.log.entries[2]!.index = 9)],
    ['a dropped first block', '/vault/chains/1/blocks/0/previous_hash', (b) => b.vault.chains[1]!.blocks.shift()],
    ['a dropped middle block', '/vault/chains/1/blocks/1/previous_hash', (b) => b.vault.chains[1]!.blocks.splice(1, 1)],
    ['a cut end', '/vault/chains/1', (b) => b.vault.chains[1]!.blocks.pop()],
    [
      'swapped blocks',
      '/vault/chains/0/blocks/1/previous_hash',
      (b) => b.vault.chains[0]!.blocks.splice(1, 2, b.vault.chains[0]!.blocks[2]!, b.vault.chains[0]!.blocks[1]!),
    ],
    ['a doubled block', '/vault/chains/0/blocks/1/previous_hash', (b) => b.vault.chains[0]!.blocks.unshift(b.vault.chains[0]!.blocks[0]!)],
    ['a block of another subject', '/vault/chains/0/blocks/3/user_id', (b) => b.vault.chains[0]!.blocks.push(b.vault.chains[1]!.blocks[2]!)],
    ['a chain under another subject', '/vault/chains/0/blocks/0/user_id', (b) => (b.vault.chains[0]!.subject = uuid(1, 7))],
    ['a doubled chain', '/vault/chains/2/subject', (b) => b.vault.chains.push(b.vault.chains[0]!)],
    [
      'a document nobody names',
      '/documents/2/digest',
      (b) => b.documents.push({ ...b.documents[0]!, document: {} as never, digest: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' }),
    ],
    ['a document under another kind', '/documents/0/kind', (b) => (b.documents[0]!.kind = 'consent')],
    ['a document under another id', '/documents/0/id', (b) => (b.documents[0]!.id = uuid(5, 9))],
    ['a document under another version', '/documents/0/version', (b) => (b.documents[0]!.version = 9)],
    ['a changed document', '/documents/1/digest', (b) => (b.documents[1]!.document.limits.ttl_seconds = 301)],
    ['an entry that the story leaves out', '/log/entries/1', (b) => b.story.splice(1, 1)],
    ['a story of an entry that is not there', '/story/0/entry', (b) => (b.story[0]!.entry = 0)],
    ['an unknown member', '/vault/chains/0/blocks/0', (b) => Object.assign(b.vault.chains[0]!.blocks[0]!, { note: 'trust me' })],
    ['a key inside the bundle', '', (b) => Object.assign(b, { keys: [vaultKey] })],
    ['a missing member', '/log', (b) => Reflect.deleteProperty(b.log, 'entries')],
    [
      'a body in another form of JSON',
      '/log/entries/0/body',
      (b) => (b.log.entries[0]!.body = Buffer.from(` ${Buffer.from(b.log.entries[0]!.body, 'base64')}`).toString('base64')),
    ],
  ])('%s', async (_, place, change) => {
    expect(await faultsAfter(change)).toContain(place)
  })

  it('any changed character of any field, named at that field or at what it belongs to', async () => {
    const bundle = writeBundle(small)
    // `created` and the story's words are remarks: the format says that nothing proves them.
    const fields = leavesOf(bundle).filter(([path]) => path[0] !== 'created' && path.at(-1) !== 'text')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), fc.nat(), fc.integer({ min: 1, max: 127 }), async ([path, value], seed, mask) => {
        const changed = structuredClone(bundle)
        put(changed, path, typeof value === 'number' ? value + mask : flipCharacter(value, seed, mask))
        const report = await check(changed)
        expect(report.verdict).not.toBe('good')
        if (path[0] === 'format') return
        const places = report.checks.filter((line) => line.verdict !== 'good').map((line) => line.place)
        const areas = areasOf(path)
        expect(
          places.some((place) => areas.some((area) => place.startsWith(area) || area.startsWith(place || '?'))),
          `${path.join('/')} found at ${places}`,
        ).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('a body of another tenant, though it stands in the log', async () => {
    const foreign = Buffer.from(writeBundle(small).log.entries[1]!.body, 'base64').toString().replace(uuid(4, 0), uuid(4, 1))
    expect(await faultsAfter((b) => (b.log.entries[1]!.body = Buffer.from(foreign).toString('base64')))).toContain('/log/entries/1')
  })
})

describe('good', () => {
  it('a whole bundle of any size, with one line for each check and the story', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record({ subjects: fc.nat(3), blocks: fc.integer({ min: 1, max: 4 }), noise: fc.nat(40) }), async (size) => {
        const report = await check(writeBundle(size))
        expect(report.checks.filter((line) => line.verdict !== 'good')).toEqual([])
        expect(report.verdict).toBe('good')
      }),
      { numRuns: 20 },
    )
    const report = await check(writeBundle(small))
    expect(report.checks.map((line) => line.place)).toEqual(['/log/checkpoint', '/log/entries', '/vault/chains', '/documents', '/story'])
    expect(report.story.at(-1)).toEqual({
      entry: 8,
      at: '2026-01-01T00:00:08.000Z',
      type: 'release.redeem',
      decision: 'permit',
      text: 'This happened as entry 8.',
    })
  })
})

type Path = (string | number)[]
function leavesOf(value: unknown, path: Path = []): [Path, string | number][] {
  if (typeof value === 'string' || typeof value === 'number') return [[path, value]]
  return Object.entries(value as object).flatMap(([name, member]) => leavesOf(member, [...path, name]))
}

/** Where a changed field may be found out: the item it stands in, or what is checked against it. */
function areasOf(path: Path): string[] {
  if (path[0] === 'origin') return ['/log/checkpoint']
  if (path[0] === 'story') return ['/story', '/log/entries']
  return [`/${path.slice(0, path[0] === 'documents' ? 2 : 3).join('/')}`]
}

function put(target: unknown, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce((at, name) => (at as Record<string, unknown>)[name], target)
  ;(parent as Record<string, unknown>)[path.at(-1)!] = value
}

function flipCharacter(text: string, seed: number, mask: number): string {
  const at = seed % text.length
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ mask) + text.slice(at + 1)
}
