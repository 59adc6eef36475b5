/** How a value reads at each level of a hierarchy, to show what coarsening will do before anything is run. */
import type { Hierarchy } from './plan.ts'

export const hierarchyKinds = ['interval', 'date', 'mask', 'order', 'suppression'] as const
export type HierarchyKind = (typeof hierarchyKinds)[number]

export const dateSpans = ['month', 'quarter', 'year', 'decade', 'century'] as const

export const begun: Readonly<Record<HierarchyKind, Hierarchy>> = {
  interval: { kind: 'interval', widths: [5, 10, 20] },
  date: { kind: 'date', spans: ['month', 'year', 'decade'] },
  mask: { kind: 'mask', from: 'right' },
  order: { kind: 'order', fanouts: [2, 2] },
  suppression: { kind: 'suppression' },
}

const numbersIn = (value: unknown): number[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [])
const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

const spanOf: Readonly<Record<string, (day: string) => string>> = {
  month: (day) => day.slice(0, 7),
  quarter: (day) => `${day.slice(0, 4)}-Q${String(Math.ceil(Number(day.slice(5, 7)) / 3))}`,
  year: (day) => day.slice(0, 4),
  decade: (day) => `${day.slice(0, 3)}0–${day.slice(0, 3)}9`,
  century: (day) => `${day.slice(0, 2)}00–${day.slice(0, 2)}99`,
}

/** One made-up value and what becomes of it level by level; nothing where only its own values can tell. */
export function exampleOf(hierarchy: Hierarchy): readonly string[] {
  switch (hierarchy.kind) {
    case 'interval':
      return [
        '37',
        ...numbersIn(hierarchy.widths).map((width) => {
          const from = Math.floor(37 / width) * width
          return `${String(from)}–${String(from + width - 1)}`
        }),
        '*',
      ]
    case 'date':
      return ['1987-05-14', ...textsIn(hierarchy.spans).map((span) => spanOf[span]?.('1987-05-14') ?? span), '*']
    case 'mask':
      return hierarchy.from === 'left' ? ['SW1A 2AA', '*W1A 2AA', '**1A 2AA', '…', '*'] : ['SW1A 2AA', 'SW1A 2A*', 'SW1A 2**', '…', '*']
    case 'suppression':
      return ['SW1A 2AA', '*']
    default:
      return []
  }
}

/** `5, 10, 20` as numbers; what is none is left out. */
export const numbersOf = (text: string): number[] =>
  text
    .split(/[\s,;]+/)
    .map(Number)
    .filter((number) => Number.isFinite(number) && number > 0)
