import { ActionIcon, Alert, Autocomplete, Button, Group, Input, Paper, Radio, Select, Slider, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { faultsAt, faultsOn } from '../../../ui/json/document.ts'
import type { FormProps } from './form.ts'
import { withoutKey } from './passes.ts'
import { PassesForm } from './passes-form.tsx'
import { freeName, type Linkage, linkForms, nodesOf, sessionBarred } from './plan.ts'

const keeps = ['everybody', 'linked', 'first'] as const

/** How the rows of one person are found in several sources. */
export function LinkageStep(props: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const { plan, faults, change } = props
  const { linkage } = plan
  if (linkage === undefined) {
    return (
      <Stack gap="md">
        <Text maw={720}>{t(plan.sources.length < 2 ? 'linkage.oneSource' : 'linkage.missing')}</Text>
        <div>
          <Button onClick={() => change(['linkage'], begin(props))} disabled={plan.sources.length === 0}>
            {t('linkage.begin')}
          </Button>
        </div>
      </Stack>
    )
  }
  const set = (next: Linkage) => change(['linkage'], next)
  return (
    <Stack gap="lg">
      <Switch checked label={t('linkage.on')} onChange={() => change(['linkage'], undefined)} description={t('linkage.onHint')} />
      <Keys {...props} linkage={linkage} set={set} />
      <Method {...props} linkage={linkage} set={set} />
      <Select
        label={t('linkage.keep')}
        maw={420}
        data={keeps.map((value) => ({ value, label: t(`linkage.keeps.${value}`) }))}
        value={linkage.keep ?? 'everybody'}
        allowDeselect={false}
        error={faultsAt(faults, ['linkage', 'keep'])}
        onChange={(value) => change(['linkage', 'keep'], value)}
      />
    </Stack>
  )
}

/** By what the sources have in common: a column of the same meaning, most telling first. */
function begin({ plan, tableOf }: FormProps): Linkage {
  const columns = plan.sources.map(({ as, table }) => ({ as, columns: tableOf(table)?.columns ?? [] }))
  const telling = ['identifier', 'national_identifier', 'national_health_number']
  const subject = columns.every(({ columns: all }) => all.some(({ identifier_role }) => identifier_role === 'subject'))
  const semantic = telling.find((name) => columns.every(({ columns: all }) => all.some((column) => column.semantic === name)))
  const fits = (column: { identifier_role: string; semantic: string | null }) =>
    subject ? column.identifier_role === 'subject' : semantic !== undefined && column.semantic === semantic
  const key = {
    name: 'person',
    form: 'identifier' as const,
    columns: Object.fromEntries(columns.map(({ as, columns: all }) => [as, all.find(fits)?.name ?? ''])),
  }
  return { keys: [key], method: { kind: 'deterministic', passes: [[key.name]] }, keep: 'everybody' }
}

interface PartProps extends FormProps {
  readonly linkage: Linkage
  readonly set: (linkage: Linkage) => void
}

function Keys({ plan, faults, tableOf, linkage, set }: PartProps) {
  const { t } = useTranslation('exchange.plans')
  const setKey = (at: number, part: object) => set({ ...linkage, keys: linkage.keys.map((key, index) => (index === at ? { ...key, ...part } : key)) })
  const remove = (name: string) => {
    const { method } = linkage
    set({
      ...linkage,
      keys: linkage.keys.filter((key) => key.name !== name),
      method: 'passes' in method ? { ...method, passes: withoutKey(method.passes, name) } : method,
    })
  }
  return (
    <Stack component="section" gap="sm" aria-label={t('linkage.keys')}>
      <Title order={3}>{t('linkage.keys')}</Title>
      <Text maw={720}>{t('linkage.keysAbout')}</Text>
      {linkage.keys.map((key, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name is being edited
        <Paper key={at} withBorder p="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('linkage.keyName')}
              value={key.name}
              maxLength={63}
              error={faultsAt(faults, ['linkage', 'keys', at, 'name'])}
              onChange={(event) => {
                const to = event.currentTarget.value
                const { method } = linkage
                const named = (one: string) => (one === key.name ? to : one)
                set({
                  ...linkage,
                  keys: linkage.keys.map((one, index) => (index === at ? { ...one, name: to } : one)),
                  method: 'passes' in method ? { ...method, passes: method.passes.map((pass) => pass.map(named)) } : method,
                })
              }}
            />
            <Select
              label={t('linkage.form')}
              data={linkForms.map((value) => ({ value, label: t(`linkForm.${value}`) }))}
              value={key.form}
              allowDeselect={false}
              error={faultsAt(faults, ['linkage', 'keys', at, 'form'])}
              onChange={(form) => setKey(at, { form })}
            />
            {plan.sources.map(({ as, table }) => (
              <Select
                key={as}
                label={t('linkage.columnIn', { source: as })}
                searchable
                data={[...new Set([...(tableOf(table)?.columns.map(({ name }) => name) ?? []), key.columns[as] ?? ''])].filter((name) => name !== '')}
                value={key.columns[as] ?? null}
                error={faultsAt(faults, ['linkage', 'keys', at, 'columns', as])}
                onChange={(column) => setKey(at, { columns: { ...key.columns, [as]: column ?? '' } })}
              />
            ))}
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={t('linkage.removeKey', { name: key.name })}
              onClick={() => remove(key.name)}
              disabled={linkage.keys.length === 1}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
          {faultsOn(faults, ['linkage', 'keys', at]) === undefined ? null : (
            <Text c="var(--mantine-color-error)" size="sm" role="alert" mt="xs">
              {faultsOn(faults, ['linkage', 'keys', at])}
            </Text>
          )}
        </Paper>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            set({
              ...linkage,
              keys: [
                ...linkage.keys,
                {
                  name: freeName(
                    'key',
                    linkage.keys.map(({ name }) => name),
                  ),
                  form: 'name',
                  columns: {},
                },
              ],
            })
          }
        >
          {t('linkage.addKey')}
        </Button>
      </div>
    </Stack>
  )
}

/** What a method begins with. */
function methodOf(kind: string, passes: readonly (readonly string[])[]): Linkage['method'] {
  if (kind === 'probabilistic') return { kind, threshold: 0.9, review_from: 0.7 }
  if (kind === 'encoded') return { kind, unit: '', threshold: encodedThreshold }
  return { kind: kind === 'session' ? kind : 'deterministic', passes }
}

const encodedThreshold = 0.8

function Method(props: PartProps) {
  const { plan, faults, linkage, set } = props
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const { method } = linkage
  const names = linkage.keys.map(({ name }) => name)
  const anonymised = plan.form === 'anonymised'
  const barred = sessionBarred(plan)
  const unitBarred = nodesOf(plan).size < 2 ? 'encodedOneNode' : plan.form === 'pseudonymised' ? 'encodedBarred' : undefined
  const choose = (kind: string) => set({ ...linkage, method: methodOf(kind, 'passes' in method ? method.passes : [names]) })
  return (
    <Stack component="section" gap="sm" aria-label={t('linkage.method')}>
      <Radio.Group label={t('linkage.method')} value={method.kind} onChange={choose} error={faultsOn(faults, ['linkage', 'method'])}>
        <Stack gap="xs" mt="xs">
          <Radio value="deterministic" label={t('linkage.deterministic')} description={t('linkage.deterministicAbout')} />
          <Radio value="session" label={t('linkage.session')} description={t(`linkage.${barred ?? 'sessionAbout'}`)} disabled={barred !== undefined} />
          <Radio
            value="probabilistic"
            label={t('linkage.probabilistic')}
            description={t(anonymised ? 'linkage.probabilisticBarred' : 'linkage.probabilisticAbout')}
            disabled={anonymised}
          />
          <Radio
            value="encoded"
            label={t('linkage.encoded')}
            description={t(`linkage.${unitBarred ?? 'encodedAbout'}`)}
            disabled={unitBarred !== undefined && method.kind !== 'encoded'}
          />
        </Stack>
      </Radio.Group>
      {'passes' in method ? (
        <PassesForm keys={names} passes={method.passes} faults={faults} onChange={(passes) => set({ ...linkage, method: { ...method, passes } })} />
      ) : method.kind === 'encoded' ? (
        <ThroughUnit {...props} method={method} />
      ) : (
        <Stack gap="lg" maw={480}>
          <Input.Wrapper label={t('linkage.threshold', { value: format.percent(method.threshold ?? 0.9) })} description={t('linkage.thresholdHint')}>
            <Slider
              mt="xs"
              min={0.51}
              max={0.99}
              step={0.01}
              value={method.threshold ?? 0.9}
              thumbLabel={t('linkage.thresholdName')}
              label={(value) => format.percent(value)}
              onChange={(threshold) => set({ ...linkage, method: { ...method, threshold } })}
            />
          </Input.Wrapper>
          <Input.Wrapper
            label={t('linkage.reviewFrom', { value: format.percent(method.review_from ?? method.threshold ?? 0.9) })}
            description={t('linkage.reviewFromHint')}
            error={faultsAt(faults, ['linkage', 'method', 'review_from'])}
          >
            <Slider
              mt="xs"
              min={0.01}
              max={0.99}
              step={0.01}
              value={method.review_from ?? method.threshold ?? 0.9}
              thumbLabel={t('linkage.reviewFromName')}
              label={(value) => format.percent(value)}
              onChange={(review_from) => set({ ...linkage, method: { ...method, review_from } })}
            />
          </Input.Wrapper>
          <Alert variant="default">{t('linkage.reviewAbout')}</Alert>
        </Stack>
      )}
    </Stack>
  )
}

/** By encodings, which a node compares that has neither a table nor a key. */
function ThroughUnit({ plan, nodes, faults, linkage, set, method }: PartProps & { readonly method: Extract<Linkage['method'], { readonly kind: 'encoded' }> }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const holders = nodesOf(plan)
  const threshold = method.threshold ?? encodedThreshold
  return (
    <Stack gap="lg" maw={480}>
      <Autocomplete
        label={t('linkage.unit')}
        description={t('linkage.unitHint')}
        data={nodes.filter((node) => !holders.has(node))}
        value={method.unit}
        maxLength={63}
        required
        error={faultsAt(faults, ['linkage', 'method', 'unit'])}
        onChange={(unit) => set({ ...linkage, method: { ...method, unit } })}
      />
      <Input.Wrapper label={t('linkage.alike', { value: format.percent(threshold) })} description={t('linkage.alikeHint')}>
        <Slider
          mt="xs"
          min={0.61}
          max={1}
          step={0.01}
          value={threshold}
          thumbLabel={t('linkage.alikeName')}
          label={(value) => format.percent(value)}
          onChange={(value) => set({ ...linkage, method: { ...method, threshold: value } })}
        />
      </Input.Wrapper>
      <Alert variant="default">{t('linkage.unitAbout')}</Alert>
    </Stack>
  )
}
