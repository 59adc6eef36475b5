import { Button, Group, List, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { choicesQuery, exemptionsQuery, exemptPurpose, optOutsQuery, unexemptPurpose } from './queries.ts'

/** What the person that was looked up does not want. */
export function OptOutsOf({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const format = useFormat()
  return (
    <section aria-labelledby="opt-outs">
      <Title order={3} id="opt-outs">
        {t('optOuts.title')}
      </Title>
      <QueryView query={useQuery(optOutsQuery(userId))}>
        {(optOuts) => {
          const active = optOuts.filter(({ lifted_at }) => lifted_at === null)
          return active.length === 0 ? (
            <Text>{t('optOuts.none')}</Text>
          ) : (
            <List>
              {active.map(({ id, scope, term, label, set_at }) => (
                <List.Item key={id}>
                  {t(`optOuts.scope.${scope}`, { what: label ?? term ?? '' })} {t('optOuts.since', { day: format.day(set_at) })}
                </List.Item>
              ))}
            </List>
          )
        }}
      </QueryView>
    </section>
  )
}

/** The purposes that opt-outs do not bind, and the law that says so. */
export function Exemptions() {
  const { t } = useTranslation('governance.consents')
  const can = useCan()
  const query = useQuery(exemptionsQuery())
  const removing = useMutation({ mutationFn: unexemptPurpose })
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="exemptions">
      <Stack gap="sm">
        <Title order={2} id="exemptions">
          {t('exemptions.title')}
        </Title>
        <Text c="dimmed">{t('exemptions.about')}</Text>
        <ProblemAlert error={removing.error} />
        <QueryView query={query}>
          {(exempt) =>
            exempt.length === 0 ? (
              <Text>{t('exemptions.none')}</Text>
            ) : (
              <List listStyleType="none">
                {exempt.map(({ purpose, label, law }) => (
                  <List.Item key={purpose}>
                    <Group gap="sm">
                      <Text>{t('exemptions.one', { purpose: label, law })}</Text>
                      {can('delete', 'consent') ? (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          onClick={() => removing.mutate(purpose)}
                          aria-label={t('exemptions.removeOne', { purpose: label })}
                        >
                          {t('exemptions.remove')}
                        </Button>
                      ) : null}
                    </Group>
                  </List.Item>
                ))}
              </List>
            )
          }
        </QueryView>
        {can('create', 'consent') ? <Exempt /> : null}
      </Stack>
    </Paper>
  )
}

const optionsShown = 50

function Exempt() {
  const { t } = useTranslation('governance.consents')
  const known = useQuery(choicesQuery()).data?.purposes ?? []
  const [purpose, setPurpose] = useState<string | null>(null)
  const [law, setLaw] = useState('')
  const adding = useMutation({
    mutationFn: exemptPurpose,
    onSuccess: () => {
      setPurpose(null)
      setLaw('')
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (purpose !== null) adding.mutate({ purpose, law })
      }}
    >
      <ProblemAlert error={adding.error} />
      <Group align="flex-end" gap="sm">
        <Select
          label={t('exemptions.purpose')}
          data={known.map(({ term, label }) => ({ value: term, label: `${label} (${term})` }))}
          limit={optionsShown}
          searchable
          required
          value={purpose}
          onChange={setPurpose}
          style={{ flex: '1 1 16rem' }}
        />
        <TextInput
          label={t('exemptions.law')}
          required
          maxLength={200}
          value={law}
          onChange={(event) => setLaw(event.currentTarget.value)}
          style={{ flex: '1 1 12rem' }}
        />
        <Button type="submit" variant="default" loading={adding.isPending} disabled={purpose === null}>
          {t('exemptions.add')}
        </Button>
      </Group>
    </form>
  )
}
