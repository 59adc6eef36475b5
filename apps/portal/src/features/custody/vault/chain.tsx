import './vault.css'
import { Button, Group, SegmentedControl, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { EvidenceDownload } from '../../../ui/evidence/evidence-download.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Forgetting } from './forgetting.tsx'
import { linksOf } from './links.ts'
import { type Chain, lookUp, newestCheck } from './queries.ts'

/** What is kept about a person, without opening it: the chain of sealed blocks. Whom one looks for stands nowhere but in the form. */
export function ChainPage() {
  const { t } = useTranslation('custody.vault')
  const can = useCan()
  const [userId, setUserId] = useState('')
  const [asked, setAsked] = useState<string>()
  const [chain, setChain] = useState<Chain>()
  const [error, setError] = useState<Error | null>(null)
  const [looking, setLooking] = useState(false)
  useEffect(() => {
    const forget = () => {
      setUserId('')
      setAsked(undefined)
      setChain(undefined)
    }
    // A browser may keep a page it has left, to come back to it.
    globalThis.addEventListener('pagehide', forget)
    return () => globalThis.removeEventListener('pagehide', forget)
  }, [])
  const look = async (event: FormEvent) => {
    event.preventDefault()
    setLooking(true)
    setError(null)
    setChain(undefined)
    setAsked(undefined)
    try {
      setChain(await lookUp(userId.trim()))
    } catch (fault) {
      setError(fault as Error)
    } finally {
      setAsked(userId.trim())
      setLooking(false)
    }
  }
  return (
    <Page title={t('chain.title')} about={t('chain.about')}>
      <Stack gap="lg">
        <form onSubmit={(event) => void look(event)} autoComplete="off">
          <Group align="flex-end" gap="xs">
            <TextInput
              label={t('chain.userId')}
              value={userId}
              onChange={(event) => setUserId(event.currentTarget.value)}
              required
              maxLength={200}
              w={360}
              maw="100%"
              autoComplete="off"
            />
            <Button type="submit" loading={looking} disabled={userId.trim() === ''}>
              {t('chain.look')}
            </Button>
          </Group>
        </form>
        <ProblemAlert error={error} />
        {chain === undefined ? null : <Shown chain={chain} />}
        {asked !== undefined && can('read', 'person') ? <Forgetting key={asked} userId={asked} /> : null}
      </Stack>
    </Page>
  )
}

function Shown({ chain }: { readonly chain: Chain }) {
  const { t } = useTranslation('custody.vault')
  const format = useFormat()
  const can = useCan()
  const [view, setView] = useState('picture')
  const check = useQuery({ ...newestCheck, enabled: can('use', 'vault') }).data
  const faulty = new Set(check?.faults.flatMap(({ subject_id, block_id }) => (subject_id === chain.subject && block_id !== undefined ? [block_id] : [])))
  const links = linksOf(chain.blocks)
  const broken = links.filter((link) => link === 'broken').length
  const fits = (at: number) => links[at] !== 'broken' && !faulty.has(chain.blocks[at]?.block_id ?? '')
  return (
    <Stack gap="lg">
      <Group>
        <EvidenceDownload kind="person" id={chain.subject} />
      </Group>
      <Facts
        facts={[
          { label: t('person'), value: <ShortId id={chain.subject} /> },
          { label: t('blocks'), value: format.number(chain.blocks.length) },
          {
            label: t('chain.links'),
            value: (
              <StateChip tone={broken + faulty.size === 0 ? 'permit' : 'deny'}>{t(broken + faulty.size === 0 ? 'chain.whole' : 'chain.broken')}</StateChip>
            ),
          },
        ]}
      />
      <section aria-labelledby="chain">
        <Group justify="space-between" mb="sm">
          <Title order={2} id="chain">
            {t('chain.picture', { count: chain.blocks.length })}
          </Title>
          <SegmentedControl
            value={view}
            onChange={setView}
            data={[
              { value: 'picture', label: t('chart.picture') },
              { value: 'table', label: t('chart.table') },
            ]}
            aria-label={t('chain.view')}
          />
        </Group>
        {view === 'picture' ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be within reach of the keyboard
          <ol className="chain" tabIndex={0} aria-labelledby="chain">
            {chain.blocks.map((block, at) => (
              <li key={block.block_id} data-fits={fits(at)}>
                <Text fw={600}>{t('blockAt', { sequence: format.number(block.sequence) })}</Text>
                <Text size="sm">{block.record_type}</Text>
                <Text size="sm" c="dimmed">
                  <Moment at={block.at} /> · {format.bytes(block.bytes)}
                </Text>
                <Text size="xs">
                  <code data-note={block.block_hash}>{block.block_hash.slice(0, 12)}</code>
                </Text>
                {fits(at) ? null : <StateChip tone="deny">{t('chain.unfit')}</StateChip>}
              </li>
            ))}
          </ol>
        ) : (
          <Table.ScrollContainer minWidth={640} type="native">
            <Table aria-labelledby="chain">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('chain.sequence')}</Table.Th>
                  <Table.Th scope="col">{t('block')}</Table.Th>
                  <Table.Th scope="col">{t('chain.recordType')}</Table.Th>
                  <Table.Th scope="col">{t('chain.at')}</Table.Th>
                  <Table.Th scope="col">{t('bytes')}</Table.Th>
                  <Table.Th scope="col">{t('chain.previous')}</Table.Th>
                  <Table.Th scope="col">{t('chain.hash')}</Table.Th>
                  <Table.Th scope="col">{t('chain.link')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {chain.blocks.map((block, at) => (
                  <Table.Tr key={block.block_id}>
                    <Table.Th scope="row">{format.number(block.sequence)}</Table.Th>
                    <Table.Td>
                      <ShortId id={block.block_id} />
                    </Table.Td>
                    <Table.Td>{block.record_type}</Table.Td>
                    <Table.Td>
                      <Moment at={block.at} />
                    </Table.Td>
                    <Table.Td>{format.bytes(block.bytes)}</Table.Td>
                    <Table.Td>
                      <code>{block.previous_hash.slice(0, 12)}</code>
                    </Table.Td>
                    <Table.Td>
                      <code>{block.block_hash.slice(0, 12)}</code>
                    </Table.Td>
                    <Table.Td>
                      <StateChip tone={fits(at) ? 'permit' : 'deny'}>{t(fits(at) ? 'chain.fits' : 'chain.unfit')}</StateChip>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {chain.more ? (
          <Text size="sm" c="dimmed">
            {t('chain.more', { count: chain.blocks.length })}
          </Text>
        ) : null}
      </section>
      {chain.records.map((record) => (
        <section key={record.record_type} aria-label={record.record_type}>
          <Title order={2} mb="sm">
            {t('chain.record', { name: record.record_type, version: record.record_type_version })}
          </Title>
          <Group gap="xs">
            {record.fields.map(({ name }) => (
              <code key={name} className="chip">
                {name}
              </code>
            ))}
          </Group>
        </section>
      ))}
    </Stack>
  )
}
