import { Alert, Button, Group, List, Stack, Text, Title } from '@mantine/core'
import { IconFileCheck, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { letterQuery } from './queries.ts'
import { usePanelName } from './votes.tsx'

/** What was decided about exactly what, in words to hand on. */
export function DecisionLetter({ review }: { readonly review: string }) {
  const { t } = useTranslation('governance.reviews')
  const nameOf = usePanelName()
  return (
    <section aria-labelledby="letter">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="letter">
          {t('letter.title')}
        </Title>
        <Button variant="default" size="compact-md" leftSection={<IconPrinter size={14} aria-hidden />} onClick={() => globalThis.print()}>
          {t('letter.print')}
        </Button>
      </Group>
      <QueryView query={useQuery(letterQuery(review))}>
        {({ decision, decided_at, digest, kind, submission, panels, said, round }) => (
          <Alert variant="default" icon={<IconFileCheck aria-hidden />}>
            <Stack gap="xs">
              <Text fw={600}>
                {t(`letter.${decision}`)} <Moment at={decided_at} />
              </Text>
              <Text style={{ overflowWrap: 'anywhere' }}>
                {t(`kind.${kind}`)}
                {submission === null ? null : `: ${submission.title} (${submission.reference})`}, {t('letter.round', { round })}
              </Text>
              <Text>{t('letter.panels', { names: panels.map((panel) => nameOf({ ...panel })).join(', ') })}</Text>
              {said.length === 0 ? null : (
                <>
                  <Text>{t('letter.said')}</Text>
                  <List>
                    {said.map((text) => (
                      <List.Item key={text} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                        {text}
                      </List.Item>
                    ))}
                  </List>
                </>
              )}
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {t('letter.digest')} <code>{digest}</code>
              </Text>
            </Stack>
          </Alert>
        )}
      </QueryView>
    </section>
  )
}
