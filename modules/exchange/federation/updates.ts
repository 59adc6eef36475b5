import { Problem } from '@gatehouse/core/problem'
import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { isNewer, verifiedManifest } from '../coordinator/index.ts'
import { requireIdentity } from './identity/own.ts'
import { mailboxAt, problemOfMailbox } from './mailboxes/mailbox.ts'
import { problems } from './problems.ts'

const release = z.strictObject({
  version: z.string(),
  newer: z.boolean(),
  released_at: instantSchema,
  notes: z.string(),
  files: z.array(z.strictObject({ name: z.string(), sha256: z.string(), size: z.int() })),
  signed_by: z.string().describe('The key of GATEHOUSE_RELEASE_KEYS that signed it'),
})

export const meshUpdates = operation({
  name: 'federation.updates',
  summary: 'Releases that the coordinator offers, whose signature holds',
  description: 'Nothing is fetched or installed: whoever runs the node compares the digests of what they install.',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({
    version: z.string(),
    releases: z.array(release),
    refused: z.int().describe('Manifests that no key of GATEHOUSE_RELEASE_KEYS has signed'),
  }),
  access: { action: 'read', on: () => ({ type: 'mesh' }) },
  audit: { none: 'it reads manifests of releases, which are public' },
  http: { method: 'GET', path: '/v1/mesh/updates' },
  example: { input: {} },
  problems: [problems.no_identity, problems.no_mailbox, problems.mailbox_unreachable],
  async run(ctx) {
    const { about } = ctx.node
    const own = await ctx.step((tx) => requireIdentity(tx, ctx.node, ctx.tenant))
    if (own.identity.mailbox === null) throw new Problem(problems.no_mailbox)
    const manifests = await mailboxAt(ctx.node, own.identity.mailbox, own)
      .releases()
      .catch((error: unknown) => {
        throw problemOfMailbox(error, problems.mailbox_unreachable)
      })
    const verified = (await Promise.all(manifests.map((text) => verifiedManifest(text, about.releaseKeys)))).filter((one) => one !== undefined)
    const releases = verified.map(({ product: _, ...one }) => ({ ...one, newer: isNewer(one.version, about.version) }))
    return { version: about.version, releases, refused: manifests.length - verified.length }
  },
})
