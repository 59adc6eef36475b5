/** Whom the institution asks to witness its log, and how many of them it demands. */

import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { parseNoteKey } from '@gatehouse/transparency/note'
import { z } from 'zod'
import { ledgerProblems } from '../problems.ts'
import { witnessesMax } from '../schema.ts'
import { wholeLog } from '../visibility.ts'
import { deleteWitness, insertWitness, listWitnesses, readSettings, type WitnessRow, writeSettings } from './store.ts'

const witnessSchema = z.strictObject({
  id: idSchema('witness'),
  name: z.string(),
  vkey: z.string(),
  url: z.string(),
  added_at: instantSchema,
  cosigned_size: z.number().int().nullable().describe('The largest checkpoint it has cosigned.'),
  cosigned_at: instantSchema.nullable(),
  asked_at: instantSchema.nullable(),
  fault: z.string().nullable().describe('Why it did not cosign when it was last asked.'),
})

const shown = ({ id, vkey, url, added_at, cosigned_size, cosigned_at, asked_at, fault }: WitnessRow) => ({
  id,
  name: vkey.split('+')[0] ?? '',
  vkey,
  url,
  added_at,
  cosigned_size,
  cosigned_at,
  asked_at,
  fault,
})

export const witnesses = operation({
  name: 'ledger.witnesses',
  summary: 'List the witnesses of the log',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(witnessSchema) }),
  access: { action: 'read', on: wholeLog },
  audit: { none: 'names, public keys and sizes' },
  http: { method: 'GET', path: '/v1/ledger/witnesses' },
  example: { input: {} },
  run: async ({ tx }) => ({ data: (await listWitnesses(tx)).map(shown) }),
})

export const addWitness = operation({
  name: 'ledger.add_witness',
  summary: 'Ask a witness to cosign the checkpoints of the log',
  description: 'C2SP tlog-witness. Give the witness the verifier key of the log first, and its host must be on the allow list of the node.',
  input: z.strictObject({
    vkey: z.string().max(300).describe('Its verifier key of type 0x04, as `gatehouse witness` prints it.'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .describe('Its submission prefix; `/add-checkpoint` is put behind it.'),
  }),
  output: z.strictObject({ id: idSchema('witness'), name: z.string() }),
  access: { action: 'update', on: wholeLog },
  audit: (_, { id, name }) => ({ object: { kind: 'witness', id }, details: { name } }),
  http: { method: 'POST', path: '/v1/ledger/witnesses', status: 201 },
  example: { input: { vkey: 'witness.example+00000000+BAAA', url: 'https://witness.example' } },
  problems: [ledgerProblems.witness_refused],
  async run({ tx, node, newId, now }, { vkey, url }) {
    const key = parseNoteKey(node.keys.primitives.sha256, vkey)
    if (key?.type !== 'cosignature') throw new Problem(ledgerProblems.witness_refused, 'this is no verifier key of type 0x04')
    try {
      node.egress.check(url)
    } catch (error) {
      throw new Problem(ledgerProblems.witness_refused, (error as Error).message)
    }
    if ((await listWitnesses(tx)).length >= witnessesMax) throw new Problem(ledgerProblems.witness_refused, `a log has at most ${witnessesMax} witnesses`)
    const id = newId<'witness'>()
    if (!(await insertWitness(tx, { id, vkey, url: url.replace(/\/+$/, '') }, now))) throw new Problem(ledgerProblems.witness_refused, 'it is asked already')
    return { id, name: key.name }
  },
})

export const removeWitness = operation({
  name: 'ledger.remove_witness',
  summary: 'Ask a witness no more',
  description: 'What it has cosigned stays. Refused where fewer would be left than the quorum demands.',
  input: z.strictObject({ witness: idSchema('witness') }),
  output: z.strictObject({ witnesses: z.number().int() }),
  access: { action: 'update', on: wholeLog },
  audit: ({ witness }, { witnesses: left }) => ({ object: { kind: 'witness', id: witness }, details: { left } }),
  http: { method: 'DELETE', path: '/v1/ledger/witnesses/:witness' },
  example: { input: { witness: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, ledgerProblems.quorum_too_large],
  async run({ tx }, { witness }) {
    if (!(await deleteWitness(tx, witness))) throw new Problem(doorProblems.not_found)
    const left = (await listWitnesses(tx)).length
    if ((await readSettings(tx)).quorum > left) throw new Problem(ledgerProblems.quorum_too_large)
    return { witnesses: left }
  },
})

export const configureLog = operation({
  name: 'ledger.configure',
  summary: 'Decide whether the log is published, and how many witnesses its checkpoints need',
  input: z.strictObject({
    publish_log: z.boolean().optional().describe('Whether everybody may read the log at /logs/<institution>, without signing in.'),
    quorum: z.number().int().min(0).max(witnessesMax).optional().describe('Outsiders are shown the newest checkpoint that so many witnesses have cosigned.'),
  }),
  output: z.strictObject({ publish_log: z.boolean(), quorum: z.number().int() }),
  access: { action: 'update', on: wholeLog },
  audit: (_, settings) => ({ details: settings }),
  http: { method: 'PATCH', path: '/v1/ledger/settings' },
  example: { input: { publish_log: true } },
  problems: [ledgerProblems.quorum_too_large],
  async run({ tx }, asked) {
    const settings = { ...(await readSettings(tx)), ...asked }
    if (settings.quorum > (await listWitnesses(tx)).length) throw new Problem(ledgerProblems.quorum_too_large)
    await writeSettings(tx, settings)
    return settings
  },
})
