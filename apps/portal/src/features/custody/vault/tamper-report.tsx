import './vault.css'
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { save } from '../../../ui/record-list/export.ts'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { findingOf, placesOf } from './places.ts'
import type { Check } from './queries.ts'

const placesAtOnce = 20

/** Where the vault does not fit: the person, the block and its number, what is wrong, what that means, and what to do next. */
export function TamperReport({ check }: { readonly check: Check }) {
  const { t } = useTranslation('custody.vault')
  const format = useFormat()
  const places = useMemo(() => placesOf(check.faults), [check.faults])
  const [shown, setShown] = useState(placesAtOnce)
  if (check.fault_count === 0) return null
  const keep = () => save(`vault-check-${check.id}.json`, 'application/json', `${JSON.stringify(check, null, 2)}\n`)
  return (
    <section aria-labelledby="tamper">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="tamper">
          {t('tamper.title', { count: places.length })}
        </Title>
        <Button variant="default" size="compact-md" leftSection={<IconDownload size={16} aria-hidden />} onClick={keep}>
          {t('tamper.download')}
        </Button>
      </Group>
      <Text mb="sm" maw={720}>
        {t('tamper.about')}
      </Text>
      <Stack gap="sm" component="ol" className="places">
        {places.slice(0, shown).map((place) => {
          const finding = findingOf(place)
          return (
            <li key={`${place.subject} ${String(place.sequence)} ${place.block ?? ''}`} className="place">
              <Group gap="xs">
                <StateChip tone="deny">{t(`finding.${finding}.title`)}</StateChip>
                <span>
                  {t('person')} <ShortId id={place.subject} />
                </span>
                <span>{t('blockAt', { sequence: format.number(place.sequence) })}</span>
                {place.block === undefined ? null : <ShortId id={place.block} />}
              </Group>
              <dl className="place-words">
                <dt>{t('tamper.what')}</dt>
                <dd>{format.list(place.faults.map((fault) => t(`fault.${fault}`)))}</dd>
                <dt>{t('tamper.means')}</dt>
                <dd>{t(`finding.${finding}.means`)}</dd>
                <dt>{t('tamper.next')}</dt>
                <dd>{t(`finding.${finding}.next`)}</dd>
              </dl>
            </li>
          )
        })}
      </Stack>
      {shown >= places.length ? null : (
        <Button variant="default" mt="sm" onClick={() => setShown(shown + placesAtOnce)}>
          {t('tamper.more', { count: places.length - shown })}
        </Button>
      )}
      {check.faults.length < check.fault_count ? (
        <Text size="sm" c="dimmed" mt="sm">
          {t('tamper.counted', { shown: format.number(check.faults.length), all: format.number(check.fault_count) })}
        </Text>
      ) : null}
    </section>
  )
}
