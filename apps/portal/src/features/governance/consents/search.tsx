import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ConsentCard } from './consent-card.tsx'
import { Guardians } from './guardians.tsx'
import { OptOutsOf } from './opt-outs.tsx'
import { consentsOfQuery } from './queries.ts'

/** The consents of one person, found by the id that the institution uses. The id never reaches an address. */
export function SearchConsents() {
  const { t } = useTranslation('governance.consents')
  const can = useCan()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState('')
  const query = useQuery({ ...consentsOfQuery(asked), enabled: asked !== '' })
  if (!can('read', 'consent')) return null
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="of-a-person">
      <Stack gap="md">
        <Title order={2} id="of-a-person">
          {t('search.title')}
        </Title>
        <form
          autoComplete="off"
          onSubmit={(event) => {
            event.preventDefault()
            if (typed.trim() === asked) void query.refetch()
            else setAsked(typed.trim())
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('person')}
              description={t('search.hint')}
              required
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              style={{ flex: '1 1 16rem' }}
              maw={480}
            />
            <Button type="submit" loading={query.isFetching}>
              {t('search.submit')}
            </Button>
          </Group>
        </form>
        {asked === '' ? null : <Guardians userId={asked} />}
        {asked === '' ? null : <OptOutsOf userId={asked} />}
        {asked === '' ? null : (
          <QueryView query={query}>
            {({ data }) =>
              data.length === 0 ? (
                <Text role="status">{t('search.none')}</Text>
              ) : (
                <Stack gap="sm">
                  <Text role="status" size="sm" c="dimmed">
                    {t('search.found', { count: data.length })}
                  </Text>
                  {data.map((consent) => (
                    <ConsentCard key={consent.id} consent={consent} userId={asked} />
                  ))}
                </Stack>
              )
            }
          </QueryView>
        )}
      </Stack>
    </Paper>
  )
}
