import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { decisionTones } from '../../../ui/activity.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { Timeline, type TimelineEvent } from '../../../ui/timeline.tsx'
import { courseOf, type Step } from './course.ts'
import { entriesQuery, type Release, receiverQuery } from './queries.ts'

/** What happened to a release, step by step; what is still to come stands below without a time. */
export function Course({ release }: { readonly release: Release }) {
  const { t } = useTranslation('exchange.releases')
  const can = useCan()
  const reads = can('read', 'ledger_entry')
  const entries = useQuery({ ...entriesQuery(release.id), enabled: reads })
  const known = entries.data ?? []
  const events: TimelineEvent[] =
    known.length === 0
      ? [
          { key: 'issued', at: release.issued_at, title: t('step.issued') },
          ...(release.spent_at === null ? [] : [{ key: 'spent', at: release.spent_at, title: t('step.spent') }]),
          ...(release.closed_at === null ? [] : [{ key: 'closed', at: release.closed_at, title: t(`state.${release.state}`) }]),
        ]
      : courseOf(known).map((step) => ({
          key: step.entry,
          at: step.at,
          title: t(`entry.${step.type.replaceAll('.', '-')}`, step.type),
          chip:
            step.decision === undefined ? undefined : <StateChip tone={decisionTones[step.decision] ?? 'neutral'}>{t(`decision.${step.decision}`)}</StateChip>,
          text: <StepWords step={step} partner={release.partner} />,
        }))
  const coming: TimelineEvent[] =
    release.state === 'issued'
      ? [
          { key: 'coming-spent', title: t('step.spent') },
          { key: 'coming-closed', title: t('step.delivered') },
        ]
      : release.state === 'spent'
        ? [{ key: 'coming-closed', title: t('step.delivered') }]
        : release.state === 'expired'
          ? [{ key: 'expired', at: release.expires_at, title: t('state.expired'), text: t('step.expired') }]
          : []
  return <Timeline label={t('course')} events={[...events, ...coming]} />
}

function StepWords({ step, partner }: { readonly step: Step; readonly partner: string }) {
  const { t } = useTranslation('exchange.releases')
  const format = useFormat()
  const told = [
    step.afterMs === undefined ? undefined : t('after', { time: format.duration(step.afterMs) }),
    step.tookMs === undefined ? undefined : t('took', { time: format.duration(step.tookMs) }),
    step.bytes === undefined ? undefined : format.bytes(step.bytes),
    step.delivered === false ? t('state.undelivered') : undefined,
    step.reasons.length === 0 ? undefined : t('because', { reasons: format.list(step.reasons.map((code) => t(`reason.${code}`, code))) }),
  ].filter((words) => words !== undefined)
  return (
    <>
      {told.join(' · ')}
      {told.length === 0 ? null : ' · '}
      {t(`actor.${step.actor.kind}`, step.actor.kind)} <ShortId id={step.actor.id} /> · {t('activity.entry')} <ShortId id={step.entry} kind="entry" />
      {step.receiverKey === undefined ? null : <ReceiverKey partner={partner} thumbprint={step.receiverKey} />}
    </>
  )
}

/** The registered key that the receiver proved to hold. It may be gone from the register by now; its thumbprint stays. */
function ReceiverKey({ partner, thumbprint }: { readonly partner: string; readonly thumbprint: string }) {
  const { t } = useTranslation('exchange.releases')
  const can = useCan()
  const receiver = useQuery({ ...receiverQuery(partner), enabled: can('read', 'partner') })
  const key = receiver.data?.keys.find((candidate) => candidate.thumbprint === thumbprint)
  return (
    <Text size="sm">
      {t('receiverKey')} {key?.label ?? null} <ShortId id={thumbprint} />
    </Text>
  )
}
