import { Button, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { type Fact, Facts } from '../../../ui/facts.tsx'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { save } from '../../../ui/record-list/export.ts'
import { ShortId } from '../../../ui/short-id.tsx'
import { anchorNews, anchorQuery, anchorsKey, type WholeAnchor } from './queries.ts'
import { AnchorState } from './state.tsx'
import { feeOf, whyOf } from './story.ts'

export function AnchorPage() {
  const { anchor = '' } = useParams({ strict: false }) as { anchor?: string }
  useLive(anchorNews, anchorsKey)
  const query = useQuery(anchorQuery(anchor))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown anchor={found} />}
    </QueryView>
  )
}

function Shown({ anchor }: { readonly anchor: WholeAnchor }) {
  const { t } = useTranslation('ledger.anchors')
  const format = useFormat()
  const why = whyOf(anchor)
  return (
    <ObjectPage
      kind="anchor"
      id={anchor.id}
      title={t('one', { size: format.number(anchor.size), target: anchor.target_name })}
      chip={<AnchorState anchor={anchor} />}
      about={t(`aboutOne.${anchor.kind}`)}
      tabs={
        anchor.receipt === null ? [] : [{ name: 'receipt', label: t('receipt.title'), content: <JsonView value={anchor.receipt} label={t('receipt.title')} /> }]
      }
    >
      <Stack gap="xl">
        {why === undefined ? null : (
          <Stack component="section" gap="xs" aria-labelledby="why">
            <Title order={2} id="why">
              {t('whyTitle')}
            </Title>
            <Text maw={720}>
              {t(`why.${why}`, { count: anchor.depth ?? 0 })} {anchor.fault === null ? null : t(`fault.${anchor.fault}`)} {t(`whyNext.${why}`)}
            </Text>
            {anchor.last_error === null ? null : (
              <Text lang="en" maw={720} style={{ overflowWrap: 'anywhere' }}>
                <code>{anchor.last_error}</code>
              </Text>
            )}
          </Stack>
        )}
        <Facts facts={factsOf(anchor)} />
        <Receipt anchor={anchor} />
        <section aria-labelledby="checkpoint">
          <Title order={2} id="checkpoint" mb="sm">
            {t('evidence.checkpoint')}
          </Title>
          <Copyable text={anchor.checkpoint} label={t('note')} />
        </section>
      </Stack>
    </ObjectPage>
  )

  function factsOf({ target_name, kind, size, root, created_at, sent_at, confirmed_at, looked_at, attempts, losses }: WholeAnchor): Fact[] {
    const moment = (label: string, at: string | null): Fact[] => (at === null ? [] : [{ label, value: <Moment at={at} /> }])
    return [
      { label: t('target'), value: `${target_name} · ${t(`kind.${kind}`)}` },
      { label: t('size'), value: format.number(size) },
      { label: t('evidence.root'), value: <code style={{ overflowWrap: 'anywhere' }}>{root}</code> },
      { label: t('attempts'), value: format.number(attempts) },
      ...(losses === 0 ? [] : [{ label: t('losses'), value: format.number(losses) }]),
      ...moment(t('createdAt'), created_at),
      ...moment(t('sentAt'), sent_at),
      ...moment(t('confirmedAt'), confirmed_at),
      ...moment(t('lookedAt'), looked_at),
    ]
  }
}

/** What an outsider checks, in words; all of it stands in the tab and in the file of anchors. */
function Receipt({ anchor: { id, kind, receipt, reference, depth } }: { readonly anchor: WholeAnchor }) {
  const { t } = useTranslation('ledger.anchors')
  const format = useFormat()
  const known = { ...reference, ...receipt } as Readonly<Record<string, unknown>>
  const number = (label: string, value: unknown): Fact[] => (typeof value === 'number' ? [{ label, value: format.number(value) }] : [])
  const text = (label: string, value: unknown): Fact[] =>
    typeof value === 'string' ? [{ label, value: <code style={{ overflowWrap: 'anywhere' }}>{value}</code> }] : []
  const fee = feeOf(known.gas_used, known.gas_price_wei)
  const facts: Fact[] =
    kind === 'evm'
      ? [
          ...(typeof known.transaction === 'string' ? [{ label: t('receipt.transaction'), value: <ShortId id={known.transaction} /> }] : []),
          ...text(t('receipt.chain'), known.chain_id === undefined ? undefined : String(known.chain_id)),
          ...number(t('receipt.block'), known.block),
          ...(typeof known.block_time === 'number'
            ? [{ label: t('receipt.blockTime'), value: <Moment at={new Date(known.block_time * 1000).toISOString()} /> }]
            : []),
          ...number(t('receipt.depth'), depth),
          ...number(t('receipt.gas'), known.gas_used),
          ...(fee === undefined ? [] : [{ label: t('receipt.fee'), value: fee }]),
          ...text(t('receipt.contract'), known.contract),
          ...(typeof known.account === 'string' ? [{ label: t('receipt.account'), value: <ShortId id={known.account} /> }] : []),
        ]
      : [
          ...(typeof known.time === 'string' ? [{ label: t('receipt.time'), value: <Moment at={known.time} /> }] : []),
          ...text(t('receipt.authority'), known.authority),
          ...text(t('receipt.serial'), known.serial),
          ...text(t('receipt.policy'), known.policy),
        ]
  const { token } = known
  if (facts.length === 0) return null
  return (
    <Stack component="section" gap="sm" aria-labelledby="receipt">
      <Title order={2} id="receipt">
        {t('receipt.title')}
      </Title>
      <Facts facts={facts} />
      {typeof token === 'string' && receipt !== null ? (
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => save(`${id}.tst`, 'application/timestamped-data', new Blob([Uint8Array.from(atob(token), (sign) => sign.charCodeAt(0))]))}
        >
          {t('receipt.token')}
        </Button>
      ) : null}
    </Stack>
  )
}
