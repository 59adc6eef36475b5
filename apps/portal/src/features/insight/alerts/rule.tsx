import { Button, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ChannelChoice } from './channel-choice.tsx'
import { Editor } from './editor.tsx'
import { changeRule, type Draft, type Rule, retireRule, ruleQuery, rulesKey } from './queries.ts'
import { ReplaySection } from './replay.tsx'
import { conditionSentence } from './sentence.ts'
import { ChannelChip } from './state.tsx'
import { useSpeech } from './use-speech.ts'

export function RulePage() {
  const { rule = '' } = useParams({ strict: false }) as { rule?: string }
  useLive(['monitoring.*'], [...rulesKey, rule])
  const query = useQuery(ruleQuery(rule))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown rule={found} />}
    </QueryView>
  )
}

const draftOf = ({ name, description, condition, cool_down_seconds }: Rule): Draft => ({ name, description, condition, cool_down_seconds })

function Shown({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation('insight.alerts')
  const can = useCan()
  const speech = useSpeech()
  const kept = rule.retired_at === null
  const editable = kept && can('update', 'alert_rule')
  return (
    <ObjectPage
      kind="alert_rule"
      id={rule.id}
      title={rule.name}
      chip={<ChannelChip channel={rule.channel} />}
      about={conditionSentence(rule.condition, speech)}
      actions={
        kept && can('delete', 'alert_rule') ? (
          <ConfirmButton
            label={t('retire.label')}
            title={t('retire.title')}
            consequence={t('retire.consequence')}
            confirm={t('retire.confirm')}
            act={() => retireRule(rule)}
          />
        ) : undefined
      }
      tabs={[
        ...(editable ? [{ name: 'edit', label: t('editor.tab'), content: <Edit rule={rule} /> }] : []),
        ...(can('use', 'alert_rule') ? [{ name: 'replay', label: t('replay.tab'), content: <ReplaySection draft={draftOf(rule)} /> }] : []),
        { name: 'json', label: 'JSON', content: <JsonView value={{ ...draftOf(rule), channel: rule.channel }} label={t('editor.json')} /> },
      ]}
    >
      <Overview rule={rule} editable={editable} />
    </ObjectPage>
  )
}

function Overview({ rule, editable }: { readonly rule: Rule; readonly editable: boolean }) {
  const { t } = useTranslation('insight.alerts')
  const format = useFormat()
  const speech = useSpeech()
  const { noise } = rule
  const share = (value: number | null) => (value === null ? t('noise.nobodyYet') : format.percent(value))
  return (
    <Stack gap="lg">
      {rule.description === '' ? null : <Text maw={720}>{rule.description}</Text>}
      <section aria-labelledby="noise">
        <Title order={2} id="noise" mb="xs">
          {t('noise.title', { count: Math.round(noise.weeks), weeks: format.number(Math.round(noise.weeks)) })}
        </Title>
        <Facts
          facts={[
            { label: t('noise.alerts'), value: format.number(noise.alerts) },
            { label: t('noise.perWeek'), value: format.number(Math.round(noise.per_week * 10) / 10) },
            { label: t('noise.useful'), value: share(noise.useful_share) },
            { label: t('noise.noise'), value: share(noise.noise_share) },
            {
              label: t('noise.median'),
              value: noise.median_seconds_to_acknowledge === null ? t('noise.nobodyYet') : format.duration(noise.median_seconds_to_acknowledge * 1_000),
            },
          ]}
        />
        <Button variant="default" size="compact-md" mt="sm" renderRoot={(props) => <Link {...props} to="/insight/alerts" search={{ rule: rule.id }} />}>
          {t('noise.list')}
        </Button>
      </section>
      <ChannelChoice key={rule.revision} rule={rule} editable={editable} />
      <Facts
        facts={[
          { label: t('editor.coolDown'), value: speech.span(rule.cool_down_seconds) },
          { label: t('createdAt'), value: <Moment at={rule.created_at} /> },
          { label: t('updatedAt'), value: <Moment at={rule.updated_at} /> },
          ...(rule.retired_at === null ? [] : [{ label: t('retiredAt'), value: <Moment at={rule.retired_at} /> }]),
        ]}
      />
    </Stack>
  )
}

function Edit({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation('insight.alerts')
  const [draft, setDraft] = useState(() => draftOf(rule))
  // The rule as it was when somebody began to write: a change in between is told and not overwritten.
  const [begun] = useState(rule)
  const saving = useMutation({ mutationFn: () => changeRule(begun.revision === rule.revision ? rule : begun, draft) })
  return (
    <Stack gap="lg">
      <Editor
        draft={draft}
        onChange={setDraft}
        error={saving.error}
        save={t('editor.save')}
        saving={saving.isPending}
        onSave={() => saving.mutate()}
        saved={saving.isSuccess}
      />
      <ReplaySection draft={draft} />
    </Stack>
  )
}
