import { Button, Group, Skeleton, Stack, Table, Text, Title, useComputedColorScheme } from '@mantine/core'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { type ChartData, tableOf } from './data.ts'
import type { Drawing } from './engine.ts'

interface ChartProps {
  /** The finding in a sentence: "Refusals doubled on 3 May". */
  readonly title: string
  /** Of what the numbers are: "requests", "ms", "kB". */
  readonly unit: string
  readonly data: ChartData
  /** Where the numbers come from and what they leave out. */
  readonly note?: string
  /** In pixels. */
  readonly height?: number
}

/** A picture of numbers with a title that says what it shows, and the same as a table. */
export function Chart({ title, unit, data, note, height = 280 }: ChartProps) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  const id = useId()
  return (
    <Stack component="figure" gap="xs" m={0} aria-labelledby={id}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={3} id={id}>
            {title}
          </Title>
          {note === undefined ? null : (
            <Text size="sm" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        <Button variant="default" size="compact-sm" flex="none" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
          {t(asTable ? 'chart.picture' : 'chart.table')}
        </Button>
      </Group>
      {asTable ? <Numbers data={data} label={`${title} (${unit})`} /> : <Picture title={title} unit={unit} data={data} height={height} />}
    </Stack>
  )
}

function Picture({ title, unit, data, height }: Required<Pick<ChartProps, 'title' | 'unit' | 'data' | 'height'>>) {
  const { t } = useTranslation()
  const format = useFormat()
  const dark = useComputedColorScheme('light') === 'dark'
  const place = useRef<HTMLDivElement>(null)
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    let made: Drawing | undefined
    let left = false
    const watch = new ResizeObserver(() => made?.resize())
    void import('./engine.ts').then(({ drawOn }) => {
      if (left) return
      made = drawOn(element)
      watch.observe(element)
      setDrawing(made)
    })
    return () => {
      left = true
      watch.disconnect()
      made?.end()
    }
  }, [])
  useEffect(() => drawing?.draw(data, { title, unit, format, dark }), [drawing, data, title, unit, format, dark])
  return (
    <div style={{ position: 'relative', height }}>
      {drawing === null ? <Skeleton height={height} pos="absolute" role="status" aria-label={t('chart.loading')} /> : null}
      <div ref={place} role="img" aria-label={`${title} (${unit})`} style={{ width: '100%', height }} />
    </div>
  )
}

function Numbers({ data, label }: { readonly data: ChartData; readonly label: string }) {
  const format = useFormat()
  const { head, rows } = useMemo(() => tableOf(data, format), [data, format])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be within reach of the keyboard
    <section className="text-block" tabIndex={0} aria-label={label}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {head.map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, ...values]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              {values.map((value, at) => (
                <Table.Td key={head[at + 1]} ta="end">
                  {value}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
