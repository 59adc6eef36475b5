import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { describe, expect, it } from 'vitest'
import { noWitnesses } from '../checkpoint.ts'
import { nodeCryptography } from '../command/machine.ts'
import { readKeys } from '../keys.ts'
import { judge } from '../report.ts'
import { logSigner, strangersKeyFile, uuid } from '../testing/write-bundle.ts'
import { verifyReceipt } from './verify.ts'

const { sha256 } = nodePrimitives
const institution = uuid(4, 0)
const logKey = formatNoteKey(noteKey(sha256, `gatehouse/${institution}`, logSigner.publicKey))
const given = '2026-11-22T09:30:00.000Z'

const agreed = {
  id: uuid(1, 1),
  subject: uuid(2, 1),
  purposes: ['dpv:DirectMarketing'],
  recipients: ['harbour-bank'],
  data_classes: ['employee'],
  from: given,
  until: '2027-11-22T00:00:00.000Z',
  method: 'paper',
  evidence_reference: null,
  notice_version: '2026-09',
  language: 'en',
  controller: null,
  processing: { retention_period: 'P2Y' },
  version: 1,
  supersedes: null,
  given_at: given,
  salt: 'AAAAAAAAAAAAAAAAAAAAAA',
}

function receipt({
  document = agreed,
  says = {},
  purpose = {},
  entry = {},
  origin = `gatehouse/${institution}`,
}: Record<string, object | never> & { origin?: string } = {}) {
  const kept = document as typeof agreed
  const digest = toHex(sha256(utf8(canonicalJson(agreed))))
  const body = utf8(
    canonicalJson({
      v: 1,
      id: uuid(3, 0),
      stream: 'audit',
      type: 'consents.give',
      at: given,
      actor: { kind: 'user', id: uuid(3, 1) },
      tenant: institution,
      subject_c: 'ab'.repeat(32),
      object: { kind: 'consent', id: agreed.id },
      details: { consent_id: agreed.id, consent_digest: digest },
      ...entry,
    }),
  )
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    receipt_id: digest,
    record_id: agreed.id,
    pii_principal_id: agreed.subject,
    pii_processing: {
      privacy_notice: '2026-09',
      language: 'en',
      purposes: [
        {
          purpose: 'dpv:DirectMarketing',
          pii_information: [{ pii_type: 'employee' }],
          collection_method: 'paper',
          processing_methods: [],
          storage_locations: [],
          retention_period: 'P2Y',
          jurisdiction: null,
          ...purpose,
        },
      ],
    },
    events: [{ event_state: 'given', event_time: given, validity_duration: `${given}/${agreed.until}` }],
    version: 1,
    ...says,
    proof: {
      digest,
      document: kept,
      log: {
        checkpoint: signCheckpoint(sha256, { origin, size: 1, root: leafHash(sha256, body) }, logSigner),
        entry: { index: 0, body: toBase64(body), proof: [] as string[] },
      },
    },
  }
}

const check = (file: unknown, keyText = logKey) =>
  judge(async (run) => {
    await verifyReceipt(run, {
      receipt: typeof file === 'string' ? file : JSON.stringify(file),
      keys: await readKeys(keyText, nodeCryptography),
      policy: noWitnesses,
      cryptography: nodeCryptography,
    })
  })

describe('a receipt is refused', () => {
  it.each<[string, string, object]>([
    ['with a changed document', '/proof/digest', receipt({ document: { ...agreed, purposes: ['dpv:Purpose'] } })],
    ['that says another purpose than was agreed to', '/pii_processing/purposes', receipt({ purpose: { purpose: 'dpv:Purpose' } })],
    ['that says other data', '/pii_processing/purposes/0/pii_information', receipt({ purpose: { pii_information: [{ pii_type: 'customer' }] } })],
    ['that promises a shorter keeping', '/pii_processing/purposes/0/retention_period', receipt({ purpose: { retention_period: 'P1D' } })],
    [
      'that says another end',
      '/events/0/validity_duration',
      receipt({ says: { events: [{ event_state: 'given', event_time: given, validity_duration: null }] } }),
    ],
    ['of another person', '/pii_principal_id', receipt({ says: { pii_principal_id: uuid(2, 2) } })],
    ['with another notice', '/pii_processing/privacy_notice', receipt({ says: { pii_processing: { ...receipt().pii_processing, privacy_notice: '2025' } } })],
    ['with an entry by which nothing is given', '/proof/log/entry/body', receipt({ entry: { type: 'consents.withdraw' } })],
    ['with an entry for another consent', '/proof/log/entry/body', receipt({ entry: { details: { consent_digest: '00'.repeat(32) } } })],
    ['with an entry about another object', '/proof/log/entry/body', receipt({ entry: { object: { kind: 'consent', id: uuid(1, 2) } } })],
    ['with an entry of another institution', '/proof/log/checkpoint', receipt({ entry: { tenant: uuid(4, 1) } })],
  ])('%s', async (_, place, file) => {
    const report = await check(file)
    expect(report.checks.filter(({ verdict }) => verdict === 'bad').map((line) => line.place)).toEqual([place])
  })
})

it('cannot be told without the key of the log, before the log has it, or for another format', async () => {
  expect(await check(receipt(), strangersKeyFile)).toMatchObject({ verdict: 'cannot_tell' })
  expect(await check({ ...receipt(), proof: { ...receipt().proof, log: null } })).toMatchObject({ verdict: 'cannot_tell' })
  expect(await check({ ...receipt(), schema_version: 'other' })).toMatchObject({ verdict: 'cannot_tell' })
  expect(await check('hello')).toMatchObject({ verdict: 'cannot_tell' })
})

it('is good', async () => {
  expect(await check(receipt())).toMatchObject({ verdict: 'good' })
})
