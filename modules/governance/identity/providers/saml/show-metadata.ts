import { Readable } from 'node:stream'
import { type FileAnswer, operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { providerId } from '../schema.ts'
import { anyProvider } from '../store.ts'
import { metadataOf, samlProvider } from './service-provider.ts'

export const showSamlMetadata = operation({
  name: 'identity.saml_metadata',
  kind: 'steps',
  answers: 'file',
  mediaTypes: ['application/samlmetadata+xml'],
  summary: 'Read what this node is to a SAML identity provider (service provider metadata)',
  input: z.strictObject({ provider: providerId }),
  output: z.custom<FileAnswer>(),
  access: { public: 'The provider fetches it, and it holds addresses and a certificate.' },
  audit: { none: 'It tells settings of the node, and neither a secret nor a person.' },
  http: { method: 'GET', path: '/v1/auth/saml/:provider/metadata' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ node }, { provider: id }) {
    const row = await node.database.transaction('node', (tx) => anyProvider(tx, id))
    if (row === undefined || row.saml === null) return refuse(doorProblems.not_found)
    return { name: 'gatehouse-metadata.xml', mediaType: 'application/samlmetadata+xml', chunks: Readable.from([await metadataOf(node, samlProvider(row))]) }
  },
})
