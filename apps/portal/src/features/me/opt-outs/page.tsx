import { Alert, List, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../../api.ts'
import { meaning } from '../../../theme.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Active } from './active.tsx'
import { Choose } from './choose.tsx'
import { liftOptOut, optOutsQuery, setOptOut } from './queries.ts'

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
          {(found) => {
            const { opt_outs, exempt } = found
            const active = opt_outs.filter(({ lifted_at }) => lifted_at === null)
            return (
              <>
                {active.length === 0 ? <Text>{t('none')}</Text> : null}
                {active.map((one) => (
                  <Active key={one.id} optOut={one} lift={() => liftOptOut(one.id)} onLifted={() => setDone('lifted')} />
                ))}
                <Choose id="choose" title={t('choose.title')} found={found} act={setOptOut} onSet={() => setDone('set')} />
                <Exempt exempt={exempt} />
              </>
            )
          }}
        </QueryView>
      </Stack>
    </Page>
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
