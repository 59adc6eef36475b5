/** What a policy would give of sample records: the decision as it would fall, and the masks of the release. Pure. */
import type { CompiledPolicy } from '@gatehouse/policy/compile'
import { type Decision, decide, requiredCounts, requiresConsent } from '@gatehouse/policy/decide'
import { explainDecision, reasonWords } from '@gatehouse/policy/explain'
import type { Question } from '@gatehouse/policy/question'
import { type MaskableRecord, requiredTableTokens } from '@gatehouse/privacy/mask/apply'
import type { MaskKind } from '@gatehouse/privacy/mask/catalogue'
import type { MaskContext } from '@gatehouse/privacy/mask/mask'
import { preview } from '@gatehouse/privacy/mask/preview'
import { parseMask } from '@gatehouse/privacy/mask/spec'
import { drawTableToken } from '@gatehouse/privacy/mask/token'
import type { Shown, ShownField } from './preview-schema.ts'

export interface ShowInput {
  readonly compiled: CompiledPolicy
  readonly question: Question
  readonly sample: readonly MaskableRecord[]
  readonly context: MaskContext
  /** True where the partner's key is the one that a release would use. */
  readonly partnerKnown: boolean
  readonly randomBytes: (length: number) => Uint8Array
}

/** Which keys a mask depends on: what it gives is exact only where those are the real ones. */
const keyedBy: Partial<Record<MaskKind, 'partner' | 'person'>> = { hash: 'partner', token: 'partner', date_shift: 'person' }

/** Everything that is asked about the person and the past is taken as given, and said so. */
export function show(input: ShowInput): Shown {
  const { compiled, question, sample } = input
  const counts = requiredCounts([compiled], question)
  const consents = [{ id: 'assumed', purpose: question.purpose, recipients: ['*'], dataClasses: ['*'] }]
  const world = { consents, counts: new Map(counts.map(({ key }) => [key, 0])), accessSince: question.at }
  const decision = decide([compiled], question, world)
  return {
    outcome: decision.outcome,
    explained: [...explainDecision(decision)],
    assumed: assumptions({ consent: requiresConsent([compiled], question), counted: counts.length > 0, partnerKnown: input.partnerKnown }),
    ttl_max_seconds: decision.outcome === 'permit' ? decision.ttlMaxSeconds : null,
    records: decision.outcome === 'permit' ? sample.map((record) => showRecord(record, decision, input)) : sample.map(withheld),
  }
}

function assumptions(of: { readonly consent: boolean; readonly counted: boolean; readonly partnerKnown: boolean }): string[] {
  return [
    'No other policy is in force.',
    ...(of.consent ? ['The person has consented.'] : []),
    ...(of.counted ? ['Nothing has been released before.'] : []),
    ...(of.partnerKnown ? [] : ['No registered partner is meant: what depends on a partner’s key has the right form and another value.']),
  ]
}

function showRecord(record: MaskableRecord, decision: Decision & { outcome: 'permit' }, input: ShowInput): ShownField[] {
  const masks = Object.fromEntries(
    decision.fields.flatMap(({ name, mask }) => {
      const read = parseMask(mask)
      return read.ok ? [[name, read.spec] as const] : []
    }),
  )
  const drawn = new Map(
    requiredTableTokens(record, masks).map(({ domain, value, spec }) => [`${domain} ${value}`, drawTableToken(value, spec, input.randomBytes)]),
  )
  const tables = new Set<string>()
  const tableToken = (domain: string, value: string) => {
    tables.add(value)
    return drawn.get(`${domain} ${value}`)
  }
  const [fields = []] = preview([record], masks, { ...input.context, tableToken })
  const rules = new Map(decision.fields.map(({ name, rule }) => [name, rule]))
  const dropped = new Map(decision.dropped.map(({ name, ...reason }) => [name, reason]))
  return fields.flatMap(({ field, before, after, mask, declares, note }): ShownField[] => {
    if (before === undefined) return []
    const reason = dropped.get(field)
    return [
      {
        field,
        before,
        ...(after === undefined ? {} : { after }),
        ...(mask === undefined ? {} : { mask, rule: rules.get(field), declares, exact: isExact(mask as MaskKind, input) && !tables.has(String(before)) }),
        ...(reason === undefined ? {} : { dropped: { code: reason.code, text: reasonWords(reason) } }),
        ...(note === undefined ? {} : { note }),
      },
    ]
  })
}

function isExact(mask: MaskKind, { partnerKnown }: ShowInput): boolean {
  const key = keyedBy[mask]
  return key === undefined || (key === 'partner' && partnerKnown)
}

const withheld = (record: MaskableRecord): ShownField[] => Object.entries(record).map(([field, before]) => ({ field, before }))
