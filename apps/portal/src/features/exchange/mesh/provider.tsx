import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { forgetProvider, nameProvider, type Provider, providerQuery } from './queries.ts'

const fields = ['issuer', 'jwks_uri', 'audience'] as const

/** Whose word on who somebody is counts here besides that of the sending node. */
export function MeshProvider() {
  const { t } = useTranslation('exchange.mesh')
  const can = useCan()
  return (
    <QueryView query={useQuery(providerQuery)}>
      {(provider) => (
        <Section
          id="provider"
          title={t('provider.title')}
          about={t('provider.about')}
          action={can('update', 'mesh') ? <Name key={provider?.issuer} provider={provider} /> : null}
        >
          {provider === null ? <Text c="dimmed">{t('provider.none')}</Text> : <Named provider={provider} />}
        </Section>
      )}
    </QueryView>
  )
}

function Named({ provider }: { readonly provider: Provider }) {
  const { t } = useTranslation('exchange.mesh')
  const can = useCan()
  return (
    <>
      <Facts facts={fields.map((field) => ({ label: t(`provider.${field}.label`), value: <code className="mesh-fingerprint">{provider[field]}</code> }))} />
      {can('delete', 'mesh') ? (
        <Group>
          <ConfirmButton
            label={t('provider.forget.label')}
            title={t('provider.forget.title', { issuer: provider.issuer })}
            consequence={t('provider.forget.consequence')}
            confirm={t('provider.forget.confirm')}
            act={forgetProvider}
          />
        </Group>
      ) : null}
    </>
  )
}

function Name({ provider }: { readonly provider: Provider | null }) {
  const { t } = useTranslation('exchange.mesh')
  const [opened, { open, close }] = useDisclosure()
  const [named, setNamed] = useState<Provider>(provider ?? { issuer: '', jwks_uri: '', audience: '' })
  const naming = useMutation({ mutationFn: () => nameProvider(named), onSuccess: close })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    naming.mutate()
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        {t(provider === null ? 'provider.name' : 'provider.change')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('provider.name')}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <ProblemAlert error={naming.error} />
            {fields.map((field) => (
              <TextInput
                key={field}
                type="url"
                required
                label={t(`provider.${field}.label`)}
                description={t(`provider.${field}.about`)}
                spellCheck={false}
                autoComplete="off"
                value={named[field]}
                onChange={({ currentTarget: { value } }) => setNamed((before) => ({ ...before, [field]: value }))}
              />
            ))}
            <Group justify="flex-end">
              <Button type="submit" loading={naming.isPending}>
                {t('provider.believe')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  )
}
