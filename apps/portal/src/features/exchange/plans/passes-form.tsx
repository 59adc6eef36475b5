import { ActionIcon, Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { type Fault, faultsAt } from '../../../ui/json/document.ts'
import { foundBefore, grown, moved, type Passes, passesMax, passKeysMax, toggled } from './passes.ts'

interface PassesFormProps {
  readonly keys: readonly string[]
  readonly passes: Passes
  readonly faults: readonly Fault[]
  readonly onChange: (passes: Passes) => void
}

type Act = 'up' | 'down' | 'remove'

/** By which agreements people are the same, one after the other. */
export function PassesForm({ keys, passes, faults, onChange }: PassesFormProps) {
  const { t } = useTranslation('exchange.plans')
  const [told, tell] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const focus = useRef<{ readonly at: number; readonly act: Act } | undefined>(undefined)
  // The buttons belong to places of the list: who moves a pass goes with it.
  useEffect(() => {
    if (focus.current === undefined) return
    const { at, act } = focus.current
    focus.current = undefined
    const pass = list.current?.children[at]
    const able = (what: string) => pass?.querySelector<HTMLElement>(`${what}:not(:disabled)`)
    ;(able(`[data-act=${act}]`) ?? able('[data-act]') ?? able('input'))?.focus()
  })
  const move = (from: number, by: 1 | -1) => {
    const to = from + by
    if (to < 0 || to >= passes.length) return
    focus.current = { at: to, act: by < 0 ? 'up' : 'down' }
    tell(t('linkage.passMoved', { from: from + 1, to: to + 1 }))
    onChange(moved(passes, from, to))
  }
  const remove = (at: number) => {
    focus.current = { at: Math.max(0, Math.min(at, passes.length - 2)), act: 'remove' }
    tell(t('linkage.passRemoved', { number: at + 1 }))
    onChange(passes.toSpliced(at, 1))
  }
  return (
    <Stack component="section" gap="xs" aria-label={t('linkage.passes')}>
      <Title order={4}>{t('linkage.passes')}</Title>
      <Text size="sm" c="dimmed" maw={720}>
        {t('linkage.passesAbout')}
      </Text>
      <ol className="passes" ref={list}>
        {passes.map((pass, at) => (
          <OnePass
            // biome-ignore lint/suspicious/noArrayIndexKey: passes are told apart by their order
            key={at}
            {...{ keys, passes, pass, at }}
            fault={faultsAt(faults, ['linkage', 'method', 'passes', at])}
            onToggle={(key) => onChange(toggled(passes, at, key))}
            onMove={(by) => move(at, by)}
            onRemove={() => remove(at)}
          />
        ))}
      </ol>
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={passes.length >= passesMax}
          onClick={() => {
            tell('')
            onChange(grown(passes, keys))
          }}
        >
          {t('linkage.addPass')}
        </Button>
        {passes.length < passesMax ? null : (
          <Text size="sm" c="dimmed">
            {t('linkage.passesFull', { count: passesMax })}
          </Text>
        )}
      </Group>
      <Text role="status" className="sr-only">
        {told}
      </Text>
    </Stack>
  )
}

interface OnePassProps extends Pick<PassesFormProps, 'keys' | 'passes'> {
  readonly pass: readonly string[]
  readonly at: number
  readonly fault: string | undefined
  readonly onToggle: (key: string) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}

function OnePass({ keys, passes, pass, at, fault, onToggle, onMove, onRemove }: OnePassProps) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const number = at + 1
  const wider = foundBefore(passes, at)
  const byKeyboard = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  const button = (act: Act, Icon: typeof IconTrash, label: string, disabled: boolean, onClick: () => void) => (
    <ActionIcon variant="default" size="lg" data-act={act} aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon size={16} aria-hidden />
    </ActionIcon>
  )
  return (
    <Paper component="li" withBorder p="sm" onKeyDown={byKeyboard}>
      <fieldset className="plan-fieldset" aria-labelledby={`pass-${number}`}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text fw={600} id={`pass-${number}`}>
            {t('linkage.pass', { number })}
          </Text>
          <Group gap={4} wrap="nowrap">
            {button('up', IconArrowUp, t('linkage.passUp', { number }), at === 0, () => onMove(-1))}
            {button('down', IconArrowDown, t('linkage.passDown', { number }), at === passes.length - 1, () => onMove(1))}
            {button('remove', IconTrash, t('linkage.passRemove', { number }), passes.length === 1, onRemove)}
          </Group>
        </Group>
        <Text className="pass-says">
          {pass.length === 0 ? t('linkage.passEmpty') : t(at === 0 ? 'linkage.passFirst' : 'linkage.passNext', { keys: format.list(pass.map(named(t))) })}
        </Text>
        <Group gap="md" mt="xs">
          {[...new Set([...keys, ...pass])].map((key) => (
            <Checkbox
              key={key}
              label={named(t)(key)}
              checked={pass.includes(key)}
              disabled={!pass.includes(key) && pass.length >= passKeysMax}
              onChange={() => onToggle(key)}
            />
          ))}
        </Group>
        {wider === undefined ? null : (
          <Text size="sm" c="dimmed" mt="xs">
            {t('linkage.passFindsNobody', { number: wider + 1 })}
          </Text>
        )}
        {fault === undefined ? null : (
          <Text c="var(--mantine-color-error)" size="sm" role="alert" mt="xs">
            {fault}
          </Text>
        )}
      </fieldset>
    </Paper>
  )
}

/** A key whose name is being written has none for a moment. */
const named =
  (t: (key: 'linkage.nameless') => string) =>
  (key: string): string =>
    key === '' ? t('linkage.nameless') : key
