/**
 * The demonstration's policy. It begins with the template that suits the fields, as an officer would, and is then made
 * narrower: it rests on consent, and each field shows no more than it needs to.
 */
import type { GatehouseClient } from '@gatehouse/sdk/client'
import type { Field } from '@gatehouse/tabular/field'
import { fromTemplate } from '../commands/policy.ts'

export interface Use {
  readonly template: string
  readonly partner: string
  readonly slug: string
  /** The basis by which consent is asked. */
  readonly basis: string
  /** A purpose that this policy does not permit. */
  readonly otherPurpose: string
}

const loan: Use = {
  template: 'loan_application',
  partner: 'Northwind Bank',
  slug: 'northwind-bank',
  basis: 'eu-gdpr:A6-1-a',
  otherPurpose: 'dpv:DirectMarketing',
}
const care: Use = {
  template: 'care_coordination',
  partner: 'Harbour Clinic',
  slug: 'harbour-clinic',
  basis: 'eu-gdpr:A9-2-a',
  otherPurpose: 'dpv:DirectMarketing',
}
const offers: Use = {
  template: 'marketing_with_consent',
  partner: 'Meadow Mail',
  slug: 'meadow-mail',
  basis: 'eu-gdpr:A6-1-a',
  otherPurpose: 'dpv:AcademicResearch',
}

/** What these fields could be asked for. */
export function useFor(fields: readonly Field[]): Use {
  const has = (...names: string[]) => fields.some(({ semantic }) => semantic !== undefined && names.includes(semantic))
  if (has('account_number', 'amount')) return loan
  if (has('national_health_number', 'diagnosis', 'measurement')) return care
  return fields.some(({ sensitivity }) => sensitivity === 'direct_identifier') ? offers : care
}

type Mask = { mask: string } & Record<string, string | number>

/** What is enough of a field to recognise the person by, or to decide on; `undefined` where the template's choice stands. */
function narrowed({ semantic, type }: Field): Mask | 'leave_out' | undefined {
  switch (semantic) {
    case 'date_of_birth':
      return type === 'date' ? { mask: 'date_truncate', to: 'year' } : 'leave_out'
    case 'postcode':
      return { mask: 'geo_prefix', keep: 2 }
    case 'email':
      return { mask: 'email' }
    case 'phone':
      return { mask: 'phone' }
    case 'family_name':
      return { mask: 'partial', keep_first: 1 }
    case 'national_health_number':
    case 'national_identifier':
    case 'account_number':
    case 'card_number':
      return type === 'string' ? { mask: 'last_n', n: 4 } : 'leave_out'
    case 'amount':
      return type === 'integer' || type === 'number' ? { mask: 'number_round', to: 1000 } : 'leave_out'
    case 'address':
    case 'free_text':
    case 'ip_address':
      return 'leave_out'
    default:
      return undefined
  }
}

export interface DraftChoice {
  readonly use: Use
  readonly uid: string
  readonly partner: string
  readonly recordType: string
  readonly fields: readonly Field[]
  /** The field that the person is known by; the partner has it already. */
  readonly subjectField: string | undefined
}

export interface Draft {
  readonly document: Record<string, unknown>
  readonly purpose: string
  /** The fields that the rule gives. */
  readonly fields: readonly string[]
}

interface Permission {
  readonly purpose: readonly string[]
  readonly fields: Readonly<Record<string, Mask>>
}

export async function draftPolicy(client: GatehouseClient, { use, uid, partner, recordType, fields, subjectField }: DraftChoice): Promise<Draft> {
  const { document } = await fromTemplate(client, { template: use.template, uid, partner, recordType })
  const [permission] = (document.permission ?? []) as [Permission?]
  if (permission === undefined) throw new Error(`The template ${use.template} permits nothing of these fields. Choose the fields with a mapping file.`)
  const masks = fields.flatMap((field) => {
    // What the template leaves out stays out, but for the figures that a decision on a loan is made by.
    const given = permission.fields[field.name] ?? (use === loan && field.semantic === 'amount' ? narrowed(field) : undefined)
    const mask = narrowed(field) ?? given
    return given === undefined || mask === undefined || mask === 'leave_out' || field.name === subjectField ? [] : [[field.name, mask] as const]
  })
  const narrower = { ...permission, legal_basis: { basis: use.basis }, fields: Object.fromEntries(masks) }
  return { document: { ...document, permission: [narrower] }, purpose: permission.purpose[0] ?? '', fields: masks.map(([name]) => name) }
}
