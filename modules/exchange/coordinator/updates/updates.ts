import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { provenNode } from '../mailbox/proven.ts'
import { problems } from '../problems.ts'
import { releasesPath } from '../protocol/exchange.ts'
import { listReleases, putRelease } from '../store.ts'
import { manifestLimits, manifestText, unverifiedManifest } from './manifest.ts'

export const offerRelease = operation({
  name: 'coordinator.offer_release',
  summary: 'Offer a release to the nodes of the mesh',
  description:
    'The manifest is signed by whoever releases. Each node checks it against the keys that its own operator named, shows it, and installs nothing by itself.',
  kind: 'steps',
  input: z.strictObject({ manifest: manifestText }),
  output: z.strictObject({ version: z.string() }),
  access: { action: 'publish', on: () => ({ type: 'mesh_node' }) },
  audit: (_input, { version }) => ({ object: { kind: 'release_offered', id: version } }),
  http: { method: 'POST', path: releasesPath, status: 201 },
  example: { input: { manifest: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImdhdGVob3VzZS1yZWxlYXNlIn0.e30.c2lnbmF0dXJl' } },
  problems: [problems.manifest_invalid],
  async run({ node, now }, { manifest }) {
    const read = unverifiedManifest(manifest)
    if (read === undefined) return refuse(problems.manifest_invalid)
    await node.database.transaction(nodeTenant, (tx) => putRelease(tx, read.version, manifest, now))
    return { version: read.version }
  },
})

export const releases = operation({
  name: 'coordinator.releases',
  summary: 'The releases that are offered',
  description: 'For nodes.',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({ manifests: z.array(z.string().max(manifestLimits.characters)) }),
  access: { public: 'a node proves by its signature that it is admitted' },
  audit: { none: 'it reads manifests of releases, which are public' },
  http: { method: 'GET', path: releasesPath },
  example: { input: {} },
  problems: [problems.not_a_node, problems.clock_skew],
  async run(ctx) {
    await provenNode(ctx, new Uint8Array())
    return { manifests: await ctx.step(offeredReleases) }
  },
})

export const offeredReleases = (tx: Tx): Promise<string[]> => listReleases(tx, manifestLimits.releases)
