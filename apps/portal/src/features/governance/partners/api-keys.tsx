import { Button, Group, NumberInput, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenTo } from '../../../rights.ts'
import { useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Form } from '../identity/form.tsx'
import { ChooseScopes, type KeyScopes, Reach } from './key-scopes.tsx'
import { keyStateAt } from './key-state.ts'
import { type ApiKey, apiKeysQuery, issueApiKey, type PartnerWithKeys, refreshPartners, revokeApiKey, rotateApiKey } from './queries.ts'
import { ApiKeyState } from './state.tsx'

const daysMax = 730
const daysUsual = 365

/** Everybody may see API keys of their own; those of a partner are open to administration and to the partner's engineers. */
export function useMayKeys(): (action: 'create' | 'read' | 'update' | 'delete') => boolean {
  const session = useSession()
  return (action) => isOpenTo(session, { action, on: 'api_key', ...(session.kind === 'engineer' ? {} : { everybodys: true }) })
}

/** The keys by which a partner's programs sign in. */
export function ApiKeys({ partner }: { readonly partner: PartnerWithKeys }) {
  const { t } = useTranslation('governance.partners')
  const may = useMayKeys()
  const query = useQuery(apiKeysQuery(partner.id))
  const [issuing, { open, close }] = useDisclosure()
  return (
    <Section
      id="api-keys"
      title={t('apiKeys.title')}
      about={t('apiKeys.about')}
      action={
        may('create') && partner.status === 'active' ? (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('apiKeys.issue')}
          </Button>
        ) : null
      }
    >
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Text>{t('apiKeys.none')}</Text>
          ) : (
            <Keys keys={data} mayRotate={may('update') && partner.status === 'active'} mayRevoke={may('delete')} />
          )
        }
      </QueryView>
      {issuing ? <IssueKey partner={partner} onClose={close} /> : null}
    </Section>
  )
}

interface KeysProps {
  readonly keys: readonly ApiKey[]
  readonly mayRotate: boolean
  readonly mayRevoke: boolean
}

function Keys({ keys, mayRotate, mayRevoke }: KeysProps) {
  const { t } = useTranslation('governance.partners')
  // Kept here and not in the key's row: a row changes when the news arrives that its key was replaced.
  const [made, setMade] = useState<string>()
  const close = () => {
    setMade(undefined)
    void refreshPartners()
  }
  return (
    <>
      <WideTable label={t('apiKeys.title')} minWidth={820}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('apiKeys.label')}</Table.Th>
            <Table.Th scope="col">{t('statusLabel')}</Table.Th>
            <Table.Th scope="col">{t('apiKeys.reach.title')}</Table.Th>
            <Table.Th scope="col">{t('apiKeys.lastUsed')}</Table.Th>
            <Table.Th scope="col">{t('apiKeys.ends')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>{key.label}</Table.Td>
              <Table.Td>
                <ApiKeyState apiKey={key} />
              </Table.Td>
              <Table.Td>
                <Reach scopes={key.scopes} />
              </Table.Td>
              <Table.Td>{key.last_used_at === null ? t('apiKeys.never') : <Moment at={key.last_used_at} />}</Table.Td>
              <Table.Td>
                <Moment at={key.expires_at} />
              </Table.Td>
              <Table.Td ta="end">
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  {mayRotate && key.replaced_by === null && keyStateAt(key, Date.now()) === 'valid' ? <RotateKey apiKey={key} onMade={setMade} /> : null}
                  {mayRevoke && key.revoked_at === null ? (
                    <ConfirmButton
                      label={t('apiKeys.revoke.label')}
                      title={t('apiKeys.revoke.title', { label: key.label })}
                      consequence={t('apiKeys.revoke.consequence')}
                      confirm={t('apiKeys.revoke.confirm')}
                      act={async () => {
                        await revokeApiKey(key.id)
                        await refreshPartners()
                      }}
                    />
                  ) : null}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {made === undefined ? null : (
        <ShownOnce title={t('apiKeys.issued')} about={t('apiKeys.rotate.about')} text={made} label={t('apiKeys.key')} onClose={close} />
      )}
    </>
  )
}

/** A new key in the place of this one, which goes on for a day. */
function RotateKey({ apiKey, onMade }: { readonly apiKey: ApiKey; readonly onMade: (key: string) => void }) {
  const { t } = useTranslation('governance.partners')
  return (
    <ConfirmButton
      label={t('apiKeys.rotate.label')}
      title={t('apiKeys.rotate.title', { label: apiKey.label })}
      consequence={t('apiKeys.rotate.consequence')}
      confirm={t('apiKeys.rotate.confirm')}
      act={async () => onMade(await rotateApiKey(apiKey.id))}
    />
  )
}

function IssueKey({ partner, onClose }: { readonly partner: PartnerWithKeys; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.partners')
  const [label, setLabel] = useState('')
  const [days, setDays] = useState<string | number>(daysUsual)
  const [scopes, setScopes] = useState<KeyScopes | undefined>()
  const issuing = useMutation({ mutationFn: issueApiKey, onSuccess: refreshPartners, gcTime: 0 })
  if (issuing.data !== undefined) {
    return <ShownOnce title={t('apiKeys.issued')} about={t('apiKeys.issuedAbout')} text={issuing.data} label={t('apiKeys.key')} onClose={onClose} />
  }
  return (
    <Dialog opened onClose={onClose} title={t('apiKeys.issue')}>
      <Form
        onSubmit={() => issuing.mutate({ partner: partner.id, label, expires_in_days: Number(days), ...(scopes === undefined ? {} : { scopes }) })}
        submit={t('apiKeys.submit')}
        pending={issuing.isPending}
        error={issuing.error}
      >
        <TextInput
          label={t('apiKeys.label')}
          description={t('apiKeys.labelHint')}
          required
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data-autofocus
        />
        <NumberInput label={t('apiKeys.days')} required min={1} max={daysMax} allowDecimal={false} value={days} onChange={setDays} />
        <ChooseScopes value={scopes} onChange={setScopes} />
      </Form>
    </Dialog>
  )
}
