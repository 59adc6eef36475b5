import { Alert, Button, List, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { asWords } from '../disclosures/plain.ts'
import { liftOptOut, type OptOut, optOutsQuery, setOptOut } from './queries.ts'

const everything = ''

/** What the reader does not want, whatever permits it. */
export function OptOutsPage() {
  const { t } = useTranslation('me.opt-outs')
  const query = useQuery(optOutsQuery())
  const [done, setDone] = useState<'set' | 'lifted'>()
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="lg" maw={640}>
        <div role="status">
          {done === undefined ? null : (
            <Alert color={meaning.permit} icon={<IconCircleCheck aria-hidden />}>
              {t(done === 'set' ? 'done.set' : 'done.lifted')}
            </Alert>
          )}
        </div>
        <QueryView query={query}>
          {({ opt_outs, purposes, exempt }) => {
            const active = opt_outs.filter(({ lifted_at }) => lifted_at === null)
            return (
              <>
                {active.length === 0 ? <Text>{t('none')}</Text> : null}
                {active.map((one) => (
                  <Active key={one.id} optOut={one} onLifted={() => setDone('lifted')} />
                ))}
                <Choose purposes={purposes} active={active} onSet={() => setDone('set')} />
                <Exempt exempt={exempt} />
              </>
            )
          }}
        </QueryView>
      </Stack>
    </Page>
  )
}

function Active({ optOut, onLifted }: { readonly optOut: OptOut; readonly onLifted: () => void }) {
  const { t } = useTranslation('me.opt-outs')
  const format = useFormat()
  const lifting = useMutation({ mutationFn: () => liftOptOut(optOut.id), onSuccess: onLifted })
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="sm" align="flex-start">
        <Text>{t(`what.${optOut.scope}`, { what: optOut.label ?? asWords(optOut.term ?? '') })}</Text>
        <Text size="sm" c="dimmed">
          {t(`source.${optOut.source}`, { day: format.longDay(optOut.set_at) })}
        </Text>
        <ProblemAlert error={lifting.error} />
        <Button variant="default" onClick={() => lifting.mutate()} loading={lifting.isPending}>
          {t('lift')}
        </Button>
      </Stack>
    </Paper>
  )
}

interface ChooseProps {
  readonly purposes: Answer<'/v1/me/opt-outs'>['purposes']
  readonly active: readonly OptOut[]
  readonly onSet: () => void
}

function Choose({ purposes, active, onSet }: ChooseProps) {
  const { t } = useTranslation('me.opt-outs')
  const [purpose, setPurpose] = useState(everything)
  const setting = useMutation({ mutationFn: setOptOut, onSuccess: onSet })
  const set = new Set(active.map(({ term }) => term ?? everything))
  const choices = [{ value: everything, label: t('everything') }, ...purposes.map(({ term, label }) => ({ value: term, label }))].filter(
    ({ value }) => !set.has(value),
  )
  const chosen = choices.some(({ value }) => value === purpose) ? purpose : choices[0]?.value
  if (chosen === undefined) return null
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="choose">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setting.mutate(chosen === everything ? { scope: 'all' } : { scope: 'purpose', purpose: chosen })
        }}
      >
        <Stack gap="sm" align="flex-start">
          <Title order={2} id="choose">
            {t('choose.title')}
          </Title>
          <ProblemAlert error={setting.error} />
          <NativeSelect
            label={t('choose.label')}
            description={t('choose.hint')}
            data={choices}
            value={chosen}
            onChange={(event) => setPurpose(event.currentTarget.value)}
            w="100%"
          />
          <Button type="submit" loading={setting.isPending}>
            {t('choose.submit')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}

function Exempt({ exempt }: { readonly exempt: Answer<'/v1/me/opt-outs'>['exempt'] }) {
  const { t } = useTranslation('me.opt-outs')
  if (exempt.length === 0) return null
  return (
    <section aria-labelledby="exempt">
      <Title order={2} id="exempt">
        {t('exempt.title')}
      </Title>
      <Text mb="xs">{t('exempt.about')}</Text>
      <List>
        {exempt.map(({ purpose, label, law }) => (
          <List.Item key={purpose}>{t('exempt.one', { purpose: label, law })}</List.Item>
        ))}
      </List>
    </section>
  )
}
