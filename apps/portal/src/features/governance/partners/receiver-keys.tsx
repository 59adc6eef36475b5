import { Button, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Section } from '../../../ui/section.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { AddReceiverKey } from './add-receiver-key.tsx'
import { type PartnerWithKeys, type ReceiverKey, refreshPartners, removeReceiverKey } from './queries.ts'

/** The keys by which a receiver proves that it is the partner. */
export function ReceiverKeys({ partner }: { readonly partner: PartnerWithKeys }) {
  const { t } = useTranslation('governance.partners')
  const can = useCan()
  const [adding, { open, close }] = useDisclosure()
  return (
    <Section
      id="receiver-keys"
      title={t('keys.title')}
      about={t('keys.about')}
      action={
        can('create', 'partner_key') && partner.status !== 'retired' ? (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('keys.add')}
          </Button>
        ) : null
      }
    >
      {partner.keys.length === 0 ? <Text>{t('keys.none')}</Text> : <Keys partner={partner} />}
      {can('create', 'partner_key') ? null : <Text>{t('keys.ask')}</Text>}
      {adding ? <AddReceiverKey partner={partner.id} onClose={close} /> : null}
    </Section>
  )
}

function Keys({ partner }: { readonly partner: PartnerWithKeys }) {
  const { t } = useTranslation('governance.partners')
  const can = useCan()
  return (
    <WideTable label={t('keys.title')} minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('keys.label')}</Table.Th>
          <Table.Th scope="col">{t('keys.kind')}</Table.Th>
          <Table.Th scope="col">{t('keys.thumbprint')}</Table.Th>
          <Table.Th scope="col">{t('keys.ends')}</Table.Th>
          <Table.Th scope="col">{t('keys.added')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {partner.keys.map((key) => (
          <Table.Tr key={key.id}>
            <Table.Td>{key.label ?? '–'}</Table.Td>
            <Table.Td>{t(`keys.kinds.${key.kind}`)}</Table.Td>
            <Table.Td>
              <ShortId id={key.thumbprint} />
            </Table.Td>
            <Table.Td>{key.not_after === null ? t('keys.endless') : <Moment at={key.not_after} />}</Table.Td>
            <Table.Td>
              <Moment at={key.created_at} />
            </Table.Td>
            <Table.Td ta="end">{can('delete', 'partner_key') ? <RemoveKey partner={partner} receiverKey={key} /> : null}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function RemoveKey({ partner, receiverKey }: { readonly partner: PartnerWithKeys; readonly receiverKey: ReceiverKey }) {
  const { t } = useTranslation('governance.partners')
  return (
    <ConfirmButton
      label={t('keys.remove.label')}
      title={t('keys.remove.title', { label: receiverKey.label ?? receiverKey.thumbprint.slice(0, 8) })}
      // Without any key a token alone is enough, which is a weaker state than before and must be said.
      consequence={t(partner.keys.length === 1 ? 'keys.remove.last' : 'keys.remove.consequence')}
      confirm={t('keys.remove.confirm')}
      act={async () => {
        await removeReceiverKey(partner.id, receiverKey.id)
        await refreshPartners()
      }}
    />
  )
}
