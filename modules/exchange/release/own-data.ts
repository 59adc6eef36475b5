/**
 * A person takes along what is kept about them: everything, as it is, in a form that machines read (GDPR articles 15 and 20). No policy is asked,
 * and no restriction stands in the way: it is the person's own.
 */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { openRecord } from '../../custody/vault/index.ts'
import { ownSubject } from '../../subjects/index.ts'
import { problems } from './problems.ts'
import { knownRecordTypes } from './question.ts'
import { releasedData } from './schema.ts'

const ownRecord = z.strictObject({ record_type: z.string(), record: releasedData.shape.record })

export const ownData = operation({
  name: 'release.own_data',
  summary: 'Download what is kept about oneself',
  description: 'The newest record of each kind with all its fields, unmasked. Every download leaves an entry that names the kinds.',
  input: z.strictObject({}),
  output: z.strictObject({ format: z.literal('gatehouse-own-data/v1'), made_at: z.string(), records: z.array(ownRecord) }),
  access: { action: 'export', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: (_input, { records }) => ({ details: { record_types: records.map(({ record_type }) => record_type) } }),
  stepUp: true,
  http: { method: 'GET', path: '/v1/me/data' },
  example: { input: {} },
  problems: [doorProblems.not_found, problems.record_tampered],
  async run(ctx) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    const person = { subject: { id: subject.id, commitment: subject.commitment } }
    ctx.describe(person)
    const records = await openAll(ctx.tx, ctx.node, subject.id)
    if (records === 'tampered') return refuse(problems.record_tampered, undefined, person)
    return { format: 'gatehouse-own-data/v1' as const, made_at: ctx.now, records }
  },
})

/** One after the other: a person has few kinds of records, and a download is no hurry. */
async function openAll(tx: Tx, node: Node, subject: Id<'subject'>): Promise<z.output<typeof ownRecord>[] | 'tampered'> {
  const records: z.output<typeof ownRecord>[] = []
  for (const { slug, fields } of await knownRecordTypes(node, tx)) {
    const opened = await openRecord(tx, node, { subject, recordType: slug, fields: fields.map(({ name }) => name) })
    if (opened.outcome === 'tampered') {
      node.log.error({ place: opened.place }, 'a stored record fails its verification; nothing was handed out')
      return 'tampered'
    }
    if (opened.outcome === 'opened') records.push({ record_type: slug, record: opened.record })
  }
  return records
}
