import { Button, Group, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { Form } from '../identity/form.tsx'
import { choicesQuery, createOffer, offersQuery, retireOffer } from './queries.ts'
import { every, useTermFields } from './term-fields.tsx'

/** What people are asked to agree to on their own page. */
export function Offers() {
  const { t } = useTranslation('governance.consents')
  const format = useFormat()
  const can = useCan()
  const [asking, { open, close }] = useDisclosure()
  const query = useQuery(offersQuery())
  return (
    <Section
      id="offers"
      title={t('offers.title')}
      action={
        can('create', 'consent') ? (
          <Button variant="default" onClick={open}>
            {t('offers.open')}
          </Button>
        ) : null
      }
    >
      <QueryView query={query}>
        {(offers) =>
          offers.length === 0 ? (
            <Text>{t('offers.none')}</Text>
          ) : (
            offers.map(({ id, title, about, terms }) => (
              <Paper key={id} component="article" withBorder p="md" aria-label={title}>
                <Group justify="space-between" align="flex-start">
                  <Stack gap={4}>
                    <Text fw={600}>{title}</Text>
                    <Text>{about}</Text>
                    <Text size="sm" c="dimmed">
                      {t('offers.terms', {
                        purposes: format.list(terms.purposes),
                        recipients: terms.recipients.includes(every) ? t('term.everyPartner') : format.list(terms.recipients),
                      })}
                    </Text>
                  </Stack>
                  {can('delete', 'consent') ? (
                    <ConfirmButton
                      label={t('offers.retire.label')}
                      title={t('offers.retire.title')}
                      consequence={t('offers.retire.consequence')}
                      confirm={t('offers.retire.confirm')}
                      act={() => retireOffer(id)}
                    />
                  ) : null}
                </Group>
              </Paper>
            ))
          )
        }
      </QueryView>
      {asking ? <Ask onClose={close} /> : null}
    </Section>
  )
}

function Ask({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.consents')
  const choices = useQuery(choicesQuery())
  const asking = useMutation({ mutationFn: createOffer, onSuccess: onClose })
  const [title, setTitle] = useState('')
  const [about, setAbout] = useState('')
  const { terms, fields } = useTermFields()
  const [days, setDays] = useState('')
  const send = () => asking.mutate({ title, about, ...terms, ...(days === '' ? {} : { valid_days: Number.parseInt(days, 10) }) })
  return (
    <Dialog opened onClose={onClose} title={t('offers.open')} size="lg">
      <QueryView query={choices}>
        {(known) => (
          <Form onSubmit={send} submit={t('offers.submit')} pending={asking.isPending} error={asking.error}>
            <TextInput
              label={t('offers.name')}
              description={t('offers.nameHint')}
              required
              maxLength={120}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
              data-autofocus
            />
            <Textarea
              label={t('offers.about')}
              description={t('offers.aboutHint')}
              required
              maxLength={2000}
              autosize
              minRows={2}
              value={about}
              onChange={(event) => setAbout(event.currentTarget.value)}
            />
            {fields(known)}
            <TextInput
              label={t('offers.days')}
              description={t('offers.daysHint')}
              type="number"
              min={1}
              max={3650}
              value={days}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
          </Form>
        )}
      </QueryView>
    </Dialog>
  )
}
