/** The kinds of rules: what each is made of, how it begins, and which entries it looks at. Pure. */
import type { Condition, Kind } from './queries.ts'

export const fieldNames = ['types', 'decision', 'measure', 'actors', 'per', 'shape', 'threshold', 'window_seconds', 'pause_seconds', 'learning_days'] as const
export type FieldName = (typeof fieldNames)[number]

/** Each kind as it stands in an empty form, with all that it can have in the order of the form. */
export const beginnings: Readonly<Record<Kind, Condition>> = {
  rate: { kind: 'rate', types: ['release.authorize'], decision: 'deny', per: 'partner', threshold: 50, window_seconds: 900 },
  volume: { kind: 'volume', measure: 'bytes', per: 'partner', threshold: 100_000_000, window_seconds: 86_400 },
  new_purpose: { kind: 'new_purpose', learning_days: 7 },
  off_hours: { kind: 'off_hours', types: ['release.read_record'], actors: 'user', threshold: 1, window_seconds: 3_600 },
  subject_walk: {
    kind: 'subject_walk',
    types: ['release.authorize'],
    per: 'partner',
    shape: 'sequential',
    threshold: 100,
    window_seconds: 3_600,
    pause_seconds: 10,
  },
  replayed_token: { kind: 'replayed_token', threshold: 1, window_seconds: 3_600 },
  failed_proof: { kind: 'failed_proof', threshold: 3, window_seconds: 3_600 },
  failed_verification: { kind: 'failed_verification' },
  settings_changed: { kind: 'settings_changed', types: ['policies.publish', 'partners.add_key'] },
  failed_sign_in: { kind: 'failed_sign_in', per: 'account', threshold: 10, window_seconds: 900 },
}
export const kinds = Object.keys(beginnings) as Kind[]

export function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(beginnings, value)
}

/** The fields of the form for a condition. The pause divides bursts and means nothing to other walks. */
export function fieldsOf(condition: Condition): FieldName[] {
  return fieldNames.filter((name) => name in beginnings[condition.kind] && (name !== 'pause_seconds' || read(condition, 'shape') === 'burst'))
}

/** A field of whatever kind of condition; what was not given is what a new one begins with, but a decision left out means any. */
export function read(condition: Condition, name: FieldName): unknown {
  const given: Readonly<Record<string, unknown>> = { ...(name === 'decision' ? {} : beginnings[condition.kind]), ...condition }
  return given[name]
}

export function withField(condition: Condition, name: FieldName, value: unknown): Condition {
  const { [name]: _, ...rest }: Record<string, unknown> = { ...condition }
  return (value === undefined ? rest : { ...rest, [name]: value }) as Condition
}

/** The measure in which `per` counts differs from kind to kind. */
export const choices: Readonly<Record<'decision' | 'measure' | 'actors' | 'shape', readonly string[]>> = {
  decision: ['permit', 'deny', 'pending', 'error'],
  measure: ['bytes', 'records'],
  actors: ['any', 'user', 'partner'],
  shape: ['any', 'sequential', 'burst'],
}

export function persOf(kind: Kind): readonly string[] {
  if (kind === 'failed_sign_in') return ['account', 'source', 'institution']
  return kind === 'subject_walk' ? ['partner', 'actor'] : ['partner', 'actor', 'institution']
}

/** The entries that a rule of this condition looks at, to find them in the ledger. */
export function typesOf(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'rate':
    case 'off_hours':
    case 'subject_walk':
    case 'settings_changed':
      return condition.types
    case 'volume':
      return condition.measure === 'bytes' ? ['release.deliver'] : ['release.redeem', 'release.read_record']
    case 'new_purpose':
      return ['release.authorize']
    case 'replayed_token':
    case 'failed_proof':
      return ['release.redeem']
    case 'failed_verification':
      return ['ledger.verify', 'vault.verify', 'release.redeem', 'release.read_record']
    case 'failed_sign_in':
      return ['identity.sign_in']
  }
}
