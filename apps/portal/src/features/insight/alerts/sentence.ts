/** A rule, and an alert, as a person would say them. */
import type { TFunction } from 'i18next'
import type { Format } from '../../../i18n/format.ts'
import { read } from './kinds.ts'
import type { Alert, Condition } from './queries.ts'

export interface Speech {
  readonly t: TFunction<'insight.alerts'>
  readonly format: Format
  /** Seconds in words: "15 minutes". */
  readonly span: (seconds: number) => string
}

/** When the rule fires: "A partner is refused 50 times within 15 minutes." */
export function conditionSentence(condition: Condition, { t, format, span }: Speech): string {
  const types = read(condition, 'types')
  const decision = read(condition, 'decision')
  const threshold = Number(read(condition, 'threshold') ?? 0)
  const days = Number(read(condition, 'learning_days') ?? 0)
  return t(`sentence.${condition.kind}`, {
    who: t(`per.${String(read(condition, 'per') ?? 'partner')}`),
    what: Array.isArray(types) ? format.list(types.map((type) => t(`entry.${String(type).replaceAll('.', '-')}`, String(type)))) : '',
    decision: typeof decision === 'string' ? t(`decided.${decision}`) : '',
    actors: t(`actors.${String(read(condition, 'actors') ?? 'any')}`),
    shape: t(`shape.${String(read(condition, 'shape') ?? 'any')}`, { pause: span(Number(read(condition, 'pause_seconds') ?? 0)) }),
    amount: read(condition, 'measure') === 'bytes' ? format.bytes(threshold) : t('records', { count: threshold, number: format.number(threshold) }),
    // Of new purposes there is no number but the days.
    count: condition.kind === 'new_purpose' ? days : threshold,
    number: format.number(threshold),
    window: span(Number(read(condition, 'window_seconds') ?? 0)),
    days,
  })
    .replace(/ {2,}/g, ' ')
    .replace(/ ,/g, ',')
}

/** What happened, of an alert. @param who whom it is about @param condition of the rule, where it could be read */
export function happenedSentence({ kind, observed }: Alert, who: string, condition: Condition | undefined, { t, format, span }: Speech): string {
  const bytes = condition?.kind === 'volume' && condition.measure === 'bytes'
  const window = condition === undefined ? undefined : read(condition, 'window_seconds')
  return t(`happened.${kind}`, {
    who,
    count: observed,
    number: format.number(observed),
    amount: bytes ? format.bytes(observed) : t('records', { count: observed, number: format.number(observed) }),
    window: typeof window === 'number' ? t('within', { window: span(window) }) : '',
  })
    .replace(/ {2,}/g, ' ')
    .replace(/ \./g, '.')
}
