/** What can be read of this participant: which version it speaks, the profile of its policies, and what it offers to whoever asks. */
import { dataspaceProfile } from '@gatehouse/policy/odrl-profile'
import { type ActContext, operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { readOwnTenant } from '../../../governance/tenancy/index.ts'
import { callingParty } from '../participants/counterparty.ts'
import { problems } from '../problems.ts'
import { callbackOf } from '../processes/step.ts'
import { context, messages, protocolVersion } from '../protocol/messages.ts'
import { tableOf } from '../protocol/names.ts'
import { examples, nameSchema, path } from '../schema.ts'
import { catalogueWire, datasetWire, type Published } from './dcat.ts'
import { offersTo } from './offers.ts'

/** An object of the protocol, which has members of its own at every depth. */
const wire = z.record(z.string(), z.unknown())
const readsCatalogue = {
  action: 'read' as const,
  on: (_input: unknown, { partner }: ActContext['principal']) => ({ type: 'negotiation', ...(partner === undefined ? {} : { owner: partner }) }),
}
const untold = { none: 'it tells which tables are offered to a partner, and no record' }

export const readVersions = operation({
  name: 'dataspace.versions',
  summary: 'Which versions of the Dataspace Protocol are spoken',
  input: z.strictObject({}),
  output: z.strictObject({ protocolVersions: z.array(z.strictObject({ version: z.string(), path: z.string(), binding: z.string() })) }),
  access: { public: 'a participant reads it before it has anything to do with us; it is the same for everybody' },
  audit: { none: 'it tells nothing but the version of a protocol' },
  http: { method: 'GET', path: '/.well-known/dspace-version', speaks: 'dsp:version' },
  example: { input: {} },
  run: async () => ({ protocolVersions: [{ version: protocolVersion, path, binding: 'HTTPS' }] }),
})

export const readProfile = operation({
  name: 'dataspace.profile',
  summary: 'The closed profile of ODRL in which offers are made and agreements are kept',
  input: z.strictObject({}),
  output: wire,
  access: { public: 'what can be agreed on is no secret; it is the same for everybody' },
  audit: { none: 'it is a page of the documentation for machines' },
  http: { method: 'GET', path: `${path}/profile`, speaks: 'dsp:version' },
  example: { input: {} },
  run: async () => ({ ...dataspaceProfile }),
})

export const requestCatalogue = operation({
  name: 'dataspace.catalogue',
  summary: 'Ask for the catalogue, as another participant',
  description: 'Dataspace Protocol 2025-1, catalogue: what is offered to the partner that the credential belongs to, and nothing else.',
  input: messages.CatalogRequestMessage,
  output: wire,
  access: readsCatalogue,
  audit: untold,
  http: { method: 'POST', path: `${path}/catalog/request`, speaks: 'dsp:catalog' },
  example: { input: { '@context': [...context], '@type': 'CatalogRequestMessage' } },
  problems: [problems.not_a_participant, problems.filter_unsupported],
  async run(ctx, { filter = [] }) {
    const party = await callingParty(ctx, ctx.tx)
    if (party instanceof Refusal) return party
    if (filter.length > 0) return refuse(problems.filter_unsupported)
    return catalogueWire(await offersTo({ tx: ctx.tx, node: ctx.node, now: ctx.now }, party), await published(ctx))
  },
})

export const readDataset = operation({
  name: 'dataspace.dataset',
  summary: 'Ask for one dataset of the catalogue, as another participant',
  input: z.looseObject({ dataset: nameSchema }),
  output: wire,
  access: readsCatalogue,
  audit: untold,
  http: { method: 'GET', path: `${path}/catalog/datasets/:dataset`, speaks: 'dsp:catalog' },
  example: { input: { dataset: examples.dataset } },
  problems: [problems.not_a_participant, problems.unknown_dataset],
  async run(ctx, { dataset }) {
    const party = await callingParty(ctx, ctx.tx)
    if (party instanceof Refusal) return party
    const reference = tableOf(dataset)
    const offers = reference === undefined ? [] : await offersTo({ tx: ctx.tx, node: ctx.node, now: ctx.now }, party, reference)
    // What is offered to others and what is not there look alike.
    return reference === undefined || offers.length === 0 ? refuse(problems.unknown_dataset) : datasetWire(reference, offers, await published(ctx))
  },
})

async function published(ctx: TransactionContext): Promise<Published> {
  const own = await readOwnTenant(ctx.tx)
  return { tenant: ctx.tenant, endpoint: callbackOf(ctx), title: own?.name ?? 'Gatehouse' }
}
