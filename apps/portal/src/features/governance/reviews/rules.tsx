import { ActionIcon, Button, Checkbox, Group, NumberInput, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { approvalsKey } from '../approvals/queries.ts'
import { groupsQuery, type Rule, reviewsKey, rulesQuery, setRule } from './queries.ts'

/** Who judges each kind of review, for how long, and whether there have to be any. */
export function ReviewRules() {
  const { t } = useTranslation('governance.reviews')
  useLive(['approvals.set_review_rule'], reviewsKey)
  const query = useQuery(rulesQuery)
  return (
    <Page title={t('rules.title')} about={t('rules.about')}>
      <QueryView query={query}>
        {(rules) => (
          <Stack gap="lg">
            {rules.map((rule) => (
              <OneRule key={`${rule.kind} ${rule.changed_at}`} rule={rule} />
            ))}
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}

type Panel = Rule['panels'][number]

function OneRule({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation('governance.reviews')
  const can = useCan()
  const mayChange = can('update', 'review_rule')
  const [panels, setPanels] = useState<readonly Panel[]>(rule.panels)
  const [days, setDays] = useState(rule.deadline_days)
  const [demanded, setDemanded] = useState(rule.demanded)
  const { data: groups = [] } = useQuery({ ...groupsQuery(can('read', 'team')), enabled: mayChange })
  const saving = useMutation({
    mutationFn: () => setRule(rule.kind, { panels: [...panels], deadline_days: days, demanded }),
    onSuccess: async (outcome) => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: reviewsKey }), queryClient.invalidateQueries({ queryKey: approvalsKey })])
      void say(t(outcome === 'waiting' ? 'rules.waiting' : 'rules.done'))
    },
  })
  const change = (place: number, to: Partial<Panel>) => setPanels(panels.map((panel, at) => (at === place ? { ...panel, ...to } : panel)))
  const labelOf = ({ kind, id }: Pick<Panel, 'kind' | 'id'>) =>
    kind === 'role' ? t('panel.role', { name: t(`role.${id}`, id) }) : t('panel.team', { name: groups.find((one) => one.id === id)?.name ?? id.slice(-6) })
  const roles = staffRoles.map((id) => ({ kind: 'role' as const, id }))
  const choices = [...roles, ...groups.map(({ id }) => ({ kind: 'team' as const, id })), ...panels]
  const options = [...new Map(choices.map((one) => [`${one.kind} ${one.id}`, { value: `${one.kind} ${one.id}`, label: labelOf(one) }])).values()]
  const heading = `rule-${rule.kind}`
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={heading}>
      <Stack gap="md" maw={640}>
        <div>
          <Title order={2} id={heading}>
            {t(`kind.${rule.kind}`)}
          </Title>
          <Text c="dimmed">{t(`kindAbout.${rule.kind}`)}</Text>
        </div>
        <ProblemAlert error={saving.error} />
        {panels.map((panel, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a panel is told from another by its place alone while it is chosen
          <Group key={place} align="flex-end" wrap="nowrap">
            <Select
              label={t('rules.group')}
              flex={1}
              allowDeselect={false}
              disabled={!mayChange}
              data={options}
              value={`${panel.kind} ${panel.id}`}
              onChange={(value) => {
                const [kind = '', id = ''] = (value ?? '').split(' ')
                change(place, { kind: kind as Panel['kind'], id })
              }}
            />
            <NumberInput
              label={t('rules.quorum')}
              w={110}
              min={1}
              max={9}
              disabled={!mayChange}
              value={panel.quorum}
              onChange={(value) => change(place, { quorum: Number(value) || 1 })}
            />
            {mayChange && panels.length > 1 ? (
              <ActionIcon variant="default" size="lg" aria-label={t('rules.remove')} onClick={() => setPanels(panels.filter((_, at) => at !== place))}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            ) : null}
          </Group>
        ))}
        {mayChange ? (
          <div>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => setPanels([...panels, { kind: 'role', id: 'auditor', quorum: 1 }])}
            >
              {t('rules.add')}
            </Button>
          </div>
        ) : null}
        <NumberInput label={t('rules.days')} w={200} min={1} max={180} disabled={!mayChange} value={days} onChange={(value) => setDays(Number(value) || 1)} />
        <Checkbox
          label={t('rules.demanded')}
          description={t(rule.optional ? `rules.optional` : 'rules.always')}
          disabled={!mayChange || !rule.optional}
          checked={demanded}
          onChange={(event) => setDemanded(event.currentTarget.checked)}
        />
        {mayChange ? (
          <Group>
            <Button loading={saving.isPending} onClick={() => saving.mutate()}>
              {t('rules.save')}
            </Button>
            <Text size="sm" c="dimmed">
              {t('rules.two')}
            </Text>
          </Group>
        ) : null}
      </Stack>
    </Paper>
  )
}

const staffRoles = ['administrator', 'officer', 'auditor', 'data_owner', 'data_custodian', 'researcher', 'clinician_delegate', 'application_developer']
