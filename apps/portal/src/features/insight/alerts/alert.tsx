import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { Timeline } from '../../../ui/timeline.tsx'
import { Who } from '../../../ui/who.tsx'
import { Answer } from './answer.tsx'
import { Behind } from './behind.tsx'
import { type Alert, alertQuery, alertsKey, ruleQuery } from './queries.ts'
import { conditionSentence, happenedSentence } from './sentence.ts'
import { AlertState, ChannelChip, VerdictChip } from './state.tsx'
import { useAbout, useSpeech } from './use-speech.ts'

export function AlertPage() {
  const { alert = '' } = useParams({ strict: false }) as { alert?: string }
  useLive(['monitoring.*'], [...alertsKey, alert])
  const query = useQuery(alertQuery(alert))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown alert={found} />}
    </QueryView>
  )
}

function Shown({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('insight.alerts')
  const can = useCan()
  const speech = useSpeech()
  const about = useAbout()
  const rule = useQuery({ ...ruleQuery(alert.rule), enabled: can('read', 'alert_rule') }).data
  const happened = happenedSentence(alert, about(alert.about), rule?.condition, speech)
  return (
    <ObjectPage kind="alert" id={alert.id} title={alert.rule_name} chip={<AlertState state={alert.state} />} about={happened}>
      <Stack gap="lg">
        {alert.state === 'closed' || !can('update', 'alert') ? null : <Answer alert={alert} />}
        <Facts
          facts={[
            { label: t('aboutLabel'), value: <About alert={alert} name={about(alert.about)} /> },
            { label: t('channelLabel'), value: <ChannelChip channel={alert.channel} /> },
            { label: t('at'), value: <Moment at={alert.at} /> },
            { label: t('count'), value: t('times', { count: alert.count }) },
            { label: t('lastAt'), value: <Moment at={alert.last_at} /> },
            { label: t('rule'), value: <ShortId id={alert.rule} kind="alert_rule" /> },
            ...(alert.verdict === null ? [] : [{ label: t('verdictLabel'), value: <VerdictChip verdict={alert.verdict} /> }]),
          ]}
        />
        {alert.note === null ? null : (
          <section aria-labelledby="note">
            <Title order={2} id="note">
              {t('note')}
            </Title>
            <Text mt="xs" style={{ whiteSpace: 'pre-wrap' }}>
              {alert.note}
            </Text>
          </section>
        )}
        {rule === undefined ? null : (
          <section aria-labelledby="why">
            <Title order={2} id="why">
              {t('why')}
            </Title>
            <Text mt="xs">{conditionSentence(rule.condition, speech)}</Text>
            {rule.description === '' ? null : (
              <Text mt="xs" c="dimmed" maw={720}>
                {rule.description}
              </Text>
            )}
          </section>
        )}
        {can('read', 'ledger_entry') ? <Behind alert={alert} condition={rule?.condition} /> : null}
        <Course alert={alert} />
      </Stack>
    </ObjectPage>
  )
}

function About({ alert: { about }, name }: { readonly alert: Alert; readonly name: string }) {
  if (about.kind !== 'partner' && about.kind !== 'user') return name
  return (
    <>
      {about.kind === 'partner' ? `${name} ` : null}
      <ShortId id={about.id} kind={about.kind} />
    </>
  )
}

function Course({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('insight.alerts')
  const by = (id: string | null) => (id === null ? undefined : <Who id={id} />)
  return (
    <section aria-labelledby="course">
      <Title order={2} id="course" mb="sm">
        {t('course')}
      </Title>
      <Timeline
        label={t('course')}
        events={[
          { key: 'at', at: alert.at, title: t('step.happened') },
          { key: 'raised', at: alert.raised_at, title: t('step.raised') },
          ...(alert.count > 1 ? [{ key: 'last', at: alert.last_at, title: t('step.again', { count: alert.count - 1 }) }] : []),
          {
            key: 'acknowledged',
            at: alert.acknowledged_at ?? undefined,
            title: t(alert.acknowledged_at === null ? 'step.toAcknowledge' : 'step.acknowledged'),
            chip: alert.verdict === null ? undefined : <VerdictChip verdict={alert.verdict} />,
            text: by(alert.acknowledged_by),
          },
          { key: 'closed', at: alert.closed_at ?? undefined, title: t(alert.closed_at === null ? 'step.toClose' : 'step.closed'), text: by(alert.closed_by) },
        ]}
      />
    </section>
  )
}
