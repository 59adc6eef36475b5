/**
 * The closed profile of ODRL in which offers and agreements are exchanged with others. It is narrower than the policies of an institution:
 * what both sides of an exchange can be held to, and nothing that only one of them could evaluate. It is published as it stands here.
 */
import { operandOperators } from './document.ts'

export const dataspaceProfileIri = 'urn:gatehouse:odrl:dataspace:v1'

const values = {
  purpose: 'a purpose by its IRI, such as https://w3id.org/dpv#ScientificResearch',
  dateTime: 'a time with its offset, such as 2026-12-31T23:59:59Z',
  recipient: 'a participant by its id',
  count: 'how many times, as a whole number of 1 or more',
  spatial: 'a country or subdivision by ISO 3166, such as DE or GB-SCT',
  elapsedTime: 'a duration of fixed length since the agreement, such as P30D',
} as const

export type SharedOperand = keyof typeof values

export const sharedOperands = Object.keys(values) as readonly SharedOperand[]

export const isSharedOperand = (name: string): name is SharedOperand => Object.hasOwn(values, name)

/** Any member of these lists, and all of them together, at most so many in one document. */
export const constraintsMax = 1_000
/** Rules of one kind in one document. */
export const rulesMax = 50

export const dataspaceProfile = {
  '@context': { odrl: 'http://www.w3.org/ns/odrl/2/', dct: 'http://purl.org/dc/terms/', '@vocab': `${dataspaceProfileIri}#` },
  '@id': dataspaceProfileIri,
  '@type': 'odrl:Profile',
  'dct:title': 'Gatehouse dataspace profile of ODRL 2.2, closed',
  'dct:description':
    'A policy that says anything beyond this is refused with the name of what was not understood. Permission and prohibition of acts, by constraints over the operands below; obligations to delete and to inform. Target, assigner and assignee are strings, of the policy or of a rule.',
  policies: ['Set', 'Offer', 'Agreement'],
  rules: ['permission', 'prohibition', 'obligation'],
  actions: ['use', 'read', 'aggregate', 'distribute'],
  groups: ['and', 'or'],
  operands: sharedOperands.map((name) => ({ leftOperand: name, operators: operandOperators.get(name) ?? [], rightOperand: values[name] })),
  obligations: [
    { action: 'odrl:delete', constraint: 'elapsedTime lteq a duration: after which the copy is destroyed' },
    { action: 'odrl:inform', constraint: 'recipient eq subject, controller or authority; elapsedTime lteq a duration, where there is a limit' },
  ],
  constraintsMax,
  rulesMax,
} as const
