/**
 * Beginnings of policies for common uses, filled in for a record type. A template is a draft: it is read, changed, previewed
 * and approved like any policy. Fields a use has no need of get no rule, and so are left out.
 */
import { type Duty, type Mask, profileIri } from './document.ts'

export const sensitivities = ['plain', 'quasi_identifier', 'direct_identifier', 'sensitive'] as const
/** `direct_identifier`: names and numbers that point at one person. `sensitive`: health, faith and the like (GDPR Art. 9). */
export type Sensitivity = (typeof sensitivities)[number]

export interface TemplateField {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'instant'
  readonly sensitivity: Sensitivity
}

export interface TemplateChoice {
  readonly uid: string
  readonly assignee: string
  readonly recordType: { readonly slug: string; readonly fields: readonly TemplateField[] }
}

export interface PolicyTemplate {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly purpose: string
  readonly legalBasis: { readonly basis: string; readonly law?: string }
  readonly action: 'release' | 'query' | 'verify'
  readonly duties: readonly Duty[]
  readonly constraints: readonly object[]
  readonly ttlSeconds: number
  /** The mask of a field, or `undefined` to leave it out. */
  readonly maskFor: (field: TemplateField) => Mask | undefined
}

const keep: Mask = { mask: 'keep' }
const isDate = ({ type }: TemplateField) => type === 'date' || type === 'instant'
const isNumber = ({ type }: TemplateField) => type === 'integer' || type === 'number'
const deleteAfter = (after: string): Duty => ({ action: 'delete', after })
const log: Duty = { action: 'log' }
const perPerson = (times: number, window: string) => ({ leftOperand: 'count', operator: 'lteq', rightOperand: times, window, per: 'subject' })

/** Identifiers become keyed hashes, dates move, numbers round; free text about a person stays behind. */
function pseudonym(field: TemplateField): Mask | undefined {
  if (field.sensitivity === 'plain') return keep
  if (isDate(field)) return { mask: 'date_shift', max_days: 365 }
  if (field.sensitivity === 'direct_identifier') return { mask: 'hash', domain: 'person' }
  if (isNumber(field)) return field.sensitivity === 'sensitive' ? keep : { mask: 'number_round', to: 10 }
  return field.type === 'boolean' || field.sensitivity === 'sensitive' ? keep : undefined
}

/** What is needed to know a person by, and nothing of the special categories. */
const identity = (field: TemplateField): Mask | undefined => (field.sensitivity === 'sensitive' ? undefined : keep)

/** Whole figures, but people only as tokens that the institution can turn back when the authority asks. */
function reporting(field: TemplateField): Mask | undefined {
  if (field.sensitivity === 'sensitive') return undefined
  if (field.sensitivity === 'direct_identifier') return { mask: 'token' }
  return field.sensitivity === 'quasi_identifier' && isDate(field) ? { mask: 'date_truncate', to: 'month' } : keep
}

export const policyTemplates: readonly PolicyTemplate[] = [
  {
    name: 'loan_application',
    title: 'Loan application',
    description: 'A lender receives what it needs to decide on a loan that the person has applied for.',
    purpose: 'sector-finance:LoanServiceProvision',
    legalBasis: { basis: 'eu-gdpr:A6-1-b-enter-into-contract', law: 'The application for a loan' },
    action: 'release',
    duties: [log, deleteAfter('P90D')],
    constraints: [perPerson(3, 'P30D')],
    ttlSeconds: 300,
    maskFor: identity,
  },
  {
    name: 'regulatory_reporting',
    title: 'Regulatory reporting',
    description: 'A supervisor receives figures about transactions; people appear as tokens.',
    purpose: 'sector-finance:RegulatoryCompliance',
    legalBasis: { basis: 'eu-gdpr:A6-1-c', law: 'Name the reporting duty, with its article' },
    action: 'release',
    duties: [log],
    constraints: [],
    ttlSeconds: 300,
    maskFor: reporting,
  },
  {
    name: 'research_extract',
    title: 'Research extract',
    description: 'Researchers query pseudonymised records; shifted dates keep the intervals of each person.',
    purpose: 'dpv:AcademicResearch',
    legalBasis: { basis: 'eu-gdpr:A9-2-j', law: 'Name the law on research, and the ethics approval' },
    action: 'query',
    duties: [log, deleteAfter('P365D')],
    constraints: [{ leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P365D' }],
    ttlSeconds: 3600,
    maskFor: pseudonym,
  },
  {
    name: 'care_coordination',
    title: 'Care coordination',
    description: 'Those who treat the person see the whole record.',
    purpose: 'sector-health:ProvidersDataSharing',
    legalBasis: { basis: 'eu-gdpr:A9-2-h', law: 'Name the law on treatment and professional secrecy' },
    action: 'release',
    duties: [log, { action: 'inform', party: 'subject', within: 'P30D' }],
    constraints: [],
    ttlSeconds: 300,
    maskFor: () => keep,
  },
  {
    name: 'kyc_due_diligence',
    title: 'Customer due diligence',
    description: 'A provider checks who the customer is, against money laundering.',
    purpose: 'sector-finance:CustomerDueDiligence',
    legalBasis: { basis: 'eu-gdpr:A6-1-c', law: 'Name the law against money laundering, with its article' },
    action: 'verify',
    duties: [log, deleteAfter('P1825D')],
    constraints: [perPerson(10, 'P1D')],
    ttlSeconds: 300,
    maskFor: identity,
  },
  {
    name: 'marketing_with_consent',
    title: 'Marketing with consent',
    description: 'Addresses for offers, only of people who have agreed to them.',
    purpose: 'dpv:DirectMarketing',
    legalBasis: { basis: 'eu-gdpr:A6-1-a' },
    action: 'release',
    duties: [log, deleteAfter('P30D'), { action: 'inform', party: 'subject', within: 'P30D' }],
    constraints: [perPerson(1, 'P30D')],
    ttlSeconds: 300,
    maskFor: (field) => (field.sensitivity === 'direct_identifier' || field.sensitivity === 'plain' ? keep : undefined),
  },
]

/** The template as a policy document, or `undefined` when it would give no field of the record type. */
export function policyFromTemplate(template: PolicyTemplate, { uid, assignee, recordType }: TemplateChoice): Record<string, unknown> | undefined {
  const fields = recordType.fields.flatMap((field) => {
    const mask = template.maskFor(field)
    return mask === undefined ? [] : [[field.name, mask] as const]
  })
  if (fields.length === 0) return undefined
  return {
    uid,
    type: 'Set',
    profile: profileIri,
    title: template.title,
    assignee,
    permission: [
      {
        uid: template.name,
        title: template.title,
        action: template.action,
        target: recordType.slug,
        purpose: [template.purpose],
        legal_basis: template.legalBasis,
        fields: Object.fromEntries(fields),
        ...(template.constraints.length > 0 ? { constraint: template.constraints } : {}),
        duty: template.duties,
        token_ttl_max_seconds: template.ttlSeconds,
      },
    ],
    prohibition: [],
  }
}
