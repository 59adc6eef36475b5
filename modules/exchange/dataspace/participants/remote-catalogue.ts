import { Problem } from '@gatehouse/core/problem'
import { readTerms } from '@gatehouse/policy/odrl-read-terms'
import { EgressError } from '@gatehouse/runtime/data/egress'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../../governance/partners/index.ts'
import { refusalWords } from '../catalogue/offers.ts'
import { problems } from '../problems.ts'
import { sendableTo } from '../protocol/addresses.ts'
import { context, messages } from '../protocol/messages.ts'
import { examples, limits } from '../schema.ts'
import { counterpartyOf } from './counterparty.ts'
import { participantSecret } from './secret.ts'

const offerView = z.strictObject({
  id: z.string(),
  understood: z.boolean().describe('Whether its terms lie in the profile, so that it can be asked for'),
  outside: z.string().nullable().describe('What was not understood'),
  offer: z.unknown().describe('As the other side has it'),
})
const datasetView = z.strictObject({ id: z.string(), title: z.string().nullable(), offers: z.array(offerView), formats: z.array(z.string()) })

export const readRemoteCatalogue = operation({
  name: 'dataspace.remote_catalogue',
  summary: 'Ask another participant for its catalogue',
  kind: 'steps',
  input: z.strictObject({ partner: z.string().max(63) }),
  output: z.strictObject({ participant_id: z.string(), datasets: z.array(datasetView) }),
  access: { action: 'use', on: () => ({ type: 'participant' }) },
  audit: (_input, { datasets }) => ({ details: { datasets: datasets.length } }),
  http: { method: 'POST', path: '/v1/dataspace/catalogues/:partner' },
  example: { input: { partner: examples.partner } },
  problems: [problems.off, doorProblems.not_found, problems.not_a_participant, problems.address_refused, problems.not_offered],
  async run(ctx, { partner: name }) {
    if (!ctx.node.speaksDataspace) return refuse(problems.off)
    const partner = await ctx.step((tx) => findPartner(tx, name))
    if (partner === undefined) return refuse(doorProblems.not_found)
    const party = await ctx.step((tx) => counterpartyOf(tx, partner.id, ctx.now))
    if ('reason' in party) return refuse(problems.not_a_participant, party.reason.replaceAll('_', ' '), { partner: partner.id })
    const url = `${party.participant.address}/catalog/request`
    const checked = sendableTo(ctx.node.egress, url, party.participant.address)
    if ('fault' in checked) return refuse(problems.address_refused, checked.fault)
    const authorization = await participantSecret(ctx.node, ctx.tenant, partner.id)
    const sent = await ctx.node.egress
      .send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Gatehouse', ...(authorization === undefined ? {} : { authorization }) },
        body: JSON.stringify({ '@context': context, '@type': 'CatalogRequestMessage' }),
        timeoutMs: limits.sendTimeoutMs,
        bytesMax: limits.answerBytesMax,
      })
      .catch((error: unknown) => {
        if (error instanceof EgressError) throw new Problem(problems.not_offered, `the other side could not be reached: ${error.fault}`)
        throw error
      })
    if (sent.status !== 200) return refuse(problems.not_offered, `it answered ${sent.status}`, { partner: partner.id })
    const read = messages.Catalog.safeParse(jsonIn(sent.body))
    if (!read.success) return refuse(problems.not_offered, 'its answer is no catalogue of the protocol', { partner: partner.id })
    const { participantId, dataset = [] } = read.data as { participantId: string; dataset?: z.output<typeof messages.Dataset>[] }
    return { participant_id: participantId, datasets: dataset.slice(0, limits.catalogueMax).map(told) }
  },
})

function told({ '@id': id, hasPolicy, distribution, ...more }: z.output<typeof messages.Dataset>) {
  const title = more['dct:title'] ?? more.title
  return {
    id,
    title: typeof title === 'string' ? title.slice(0, limits.nameMax) : null,
    offers: hasPolicy.map((offer) => {
      const terms = readTerms(offer)
      return { id: offer['@id'], understood: terms.ok, outside: terms.ok ? null : refusalWords(terms.refused), offer }
    }),
    formats: [...new Set((distribution as { format: string }[]).map(({ format }) => format))],
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
