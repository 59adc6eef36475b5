import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../../problems.ts'
import { AnswerError } from '../protocol.ts'
import { checkedCertificate, samlLimits } from './settings.ts'
import { attributeOf, children, ns, parsed, textOf } from './xml.ts'

export const readSamlMetadata = operation({
  name: 'identity.read_saml_metadata',
  summary: 'Read what a SAML identity provider says of itself, to be entered',
  description: 'Nothing is kept, and no signature in it is checked: whoever enters it looks at where it came from.',
  input: z.strictObject({ metadata: z.string().min(1).max(samlLimits.metadataCharacters) }),
  output: z.strictObject({ issuer: z.string(), entry_point: z.string(), logout_url: z.string().nullable(), certificates: z.array(z.string()) }),
  access: { action: 'read', on: () => ({ type: 'identity_provider' }) },
  audit: { none: 'It reads a text that was sent and keeps nothing.' },
  http: { method: 'POST', path: '/v1/identity-providers/saml-metadata' },
  example: { input: { metadata: '<EntityDescriptor …' } },
  problems: [problems.provider_unfit],
  async run(_ctx, { metadata }) {
    try {
      return read(parsed(metadata.trim()))
    } catch (error) {
      if (error instanceof AnswerError) throw new Problem(problems.provider_unfit, `the metadata cannot be read: ${error.code}`)
      throw error
    }
  },
})

const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** @throws AnswerError, Problem */
function read(entity: Element) {
  const [provider] = children(entity, ns.metadata, 'IDPSSODescriptor')
  const issuer = attributeOf(entity, 'entityID')
  if (entity.namespaceURI !== ns.metadata || entity.localName !== 'EntityDescriptor' || provider === undefined || issuer === undefined)
    throw new AnswerError('no_identity_provider')
  const placeOf = (name: string) => {
    const found = children(provider, ns.metadata, name).find((one) => attributeOf(one, 'Binding') === redirect)
    return found === undefined ? undefined : attributeOf(found, 'Location')
  }
  const entryPoint = placeOf('SingleSignOnService')
  if (entryPoint === undefined) throw new AnswerError('no_redirect_binding')
  const certificates = children(provider, ns.metadata, 'KeyDescriptor')
    .filter((key) => (attributeOf(key, 'use') ?? 'signing') === 'signing')
    .flatMap((key) => Array.from(key.getElementsByTagNameNS(ns.signature, 'X509Certificate')))
    .map((one) => checkedCertificate(textOf(one)))
  const several = [...new Set(certificates)].slice(0, samlLimits.certificates)
  if (several.length === 0) throw new AnswerError('no_certificate')
  return { issuer, entry_point: entryPoint, logout_url: placeOf('SingleLogoutService') ?? null, certificates: several }
}
