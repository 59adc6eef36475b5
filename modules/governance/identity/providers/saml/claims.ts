/** What a verified assertion says of somebody. Pure. */
import { email as emailSchema } from '../../schema.ts'
import { AnswerError } from '../protocol.ts'
import { nameOf, type Said } from '../said.ts'
import { providerLimits } from '../schema.ts'
import type { ProviderRow } from '../store.ts'
import type { Assertion } from './judge.ts'

const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const emailFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'

/** As the commonest providers name them, with a friendly name, by OID (eduPerson, LDAP) or by the URI of WS-Federation. */
const emailNames = ['email', 'mail', 'urn:oid:0.9.2342.19200300.100.1.3', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress']
const nameNames = ['displayName', 'name', 'urn:oid:2.16.840.1.113730.3.1.241', 'http://schemas.microsoft.com/identity/claims/displayname']

type Rule = Pick<ProviderRow, 'groups_claim' | 'trusts_email' | 'factors'> & { readonly subject_attribute: string | null }

/** @throws AnswerError where nothing names somebody for good */
export function saidBy(
  { nameId, attributes, context, provenAtMs }: Assertion,
  { groups_claim: groupsName, trusts_email: trusts, factors, subject_attribute: subjectName }: Rule,
  nowMs: number,
): Said {
  // With two values it would be whichever one the provider put first.
  const one = (name: string) => (attributes[name]?.length === 1 ? attributes[name][0] : undefined)
  const first = (names: readonly string[]) => names.map(one).find((value) => value !== undefined && value !== '')
  if (subjectName === null && nameId.format === transient) throw new AnswerError('transient')
  const subject = subjectName === null ? nameId.value : one(subjectName)
  if (subject === undefined || subject === '' || subject.length > 512) throw new AnswerError('subject')
  const address = emailSchema.safeParse(first(emailNames) ?? (nameId.format === emailFormat ? nameId.value : undefined))
  const fresh = provenAtMs >= nowMs - providerLimits.proofSeconds * 1000
  return {
    subject,
    // SAML has no word for an address that was verified: the institution says whether its provider's addresses count.
    email: address.success && trusts ? address.data : undefined,
    name: nameOf(first(nameNames)),
    groups: groupsName === null ? undefined : attributes[groupsName]?.slice(0, providerLimits.groups),
    factor: fresh && factors.includes(context),
  }
}
