import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { readKeys } from '../keys.ts'
import { judge } from '../report.ts'
import { logSigner, strangersKeyFile, uuid } from '../testing/write-bundle.ts'
import { verifyErasure } from './verify.ts'

const { sha256 } = nodePrimitives
const institution = uuid(4, 0)
const origin = `gatehouse/${institution}`
const logKey = formatNoteKey(noteKey(sha256, origin, logSigner.publicKey))
const signer = nodeSigner(new Uint8Array(32).fill(5))

type Certificate = ReturnType<typeof certificate>
function certificate(more: object = {}, entry: object = {}, by = signer) {
  const statement = {
    kind: 'person',
    institution,
    erasure: uuid(7, 1),
    subject_commitment: 'ab'.repeat(32),
    ground: 'request_of_the_person',
    requested_at: '2026-11-22T09:30:00.000Z',
    approved_at: '2026-11-22T10:02:11.000Z',
    destroyed_at: '2026-11-22T10:02:12.000Z',
    completed_at: '2026-11-22T10:02:13.000Z',
    counts: { 'consents.consent': 2, 'vault.subject_key': 1 },
    ...more,
  }
  const text = canonicalJson(statement)
  const body = utf8(
    canonicalJson({
      v: 1,
      id: uuid(2, 0),
      stream: 'audit',
      type: 'retention.erased',
      at: '2026-11-22T10:02:13.000Z',
      actor: { kind: 'system', id: uuid(3, 0) },
      tenant: institution,
      subject_c: statement.subject_commitment,
      object: { kind: 'erasure', id: statement.erasure },
      details: { statement_digest: toHex(sha256(utf8(text))), certificate_key: toHex(sha256(signer.publicKey)) },
      ...entry,
    }),
  )
  return {
    format: 'gatehouse-erasure/v1',
    statement,
    key: formatNoteKey(noteKey(sha256, 'gatehouse/erasures', by.publicKey)),
    signature: toBase64(by.sign(utf8(`gatehouse-erasure/v1\n${text}`))),
    log: {
      origin,
      checkpoint: signCheckpoint(sha256, { origin, size: 1, root: leafHash(sha256, body) }, logSigner),
      entry: { index: 0, body: toBase64(body), proof: [] as string[] },
    },
  }
}

const check = (given: unknown, keyText = logKey) =>
  judge(async (run) => {
    await verifyErasure(run, {
      certificate: typeof given === 'string' ? given : JSON.stringify(given),
      keys: await readKeys(keyText, nodeCryptography),
      policy: noWitnesses,
      cryptography: nodeCryptography,
    })
  })

describe('a certificate of erasure is refused', () => {
  it.each<[string, string, Certificate]>([
    ['with a changed statement', '/signature', { ...certificate(), statement: certificate({ ground: 'other' }).statement }],
    ['signed by another key than the log names', '/log/entry/body', certificate({}, {}, nodeSigner(new Uint8Array(32).fill(6)))],
    ['with an entry of another type', '/log/entry/body', certificate({}, { type: 'retention.requested' })],
    ['with an entry for another statement', '/log/entry/body', certificate({}, { details: { statement_digest: '00'.repeat(32) } })],
    ['with an entry about another person', '/log/entry/body', certificate({}, { subject_c: 'cd'.repeat(32) })],
    ['with an entry about another erasure', '/log/entry/body', certificate({}, { object: { kind: 'erasure', id: uuid(7, 2) } })],
    ['with an entry of another institution', '/log/entry/body', certificate({ institution: uuid(4, 1) }, { tenant: institution })],
    ['with times out of order', '/statement/destroyed_at', certificate({ destroyed_at: '2026-11-22T10:00:00.000Z' })],
    ['with an unknown member in the statement', '/statement', certificate({ note: 'trust me' })],
    ['with a key that is none', '/key', { ...certificate(), key: 'nonsense' }],
  ])('%s', async (_, place, given) => {
    const report = await check(given)
    expect(report.checks.filter(({ verdict }) => verdict === 'bad').map((line) => line.place)).toEqual([place])
  })

  it('after any changed character of what is signed or proven', async () => {
    const text = JSON.stringify(certificate())
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
        // The name of the certificate's key is a label: the log vouches for the key itself.
        expect((await check(changed)).verdict).not.toBe('good')
      }),
      { numRuns: 200 },
    )
  })
})

it('cannot be told without the key of the log, or for another format', async () => {
  expect(await check(certificate(), strangersKeyFile)).toMatchObject({ verdict: 'cannot_tell' })
  expect(await check({ ...certificate(), format: 'other' })).toMatchObject({ verdict: 'cannot_tell' })
  expect(await check('hello')).toMatchObject({ verdict: 'cannot_tell' })
})

it('is good, whatever else rides along outside the statement', async () => {
  expect(await check({ ...certificate(), note: 'for the file' })).toMatchObject({ verdict: 'good' })
})
