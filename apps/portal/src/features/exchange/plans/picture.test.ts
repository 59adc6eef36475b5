import { expect, it } from 'vitest'
import { boxesOf, flowOf } from './picture.ts'

const words = { kind: (kind: string) => kind.toUpperCase(), about: ({ code }: { code: string }) => code, rows: (rows: number | null) => String(rows) }
const box = (id: string) => ({ id, kind: id.split(':')[0] ?? '', label: { code: 'about', params: {} } })

it('tells of each part of reading apart once it is done, and of all together until then', () => {
  const done = { rows_out: 90, state: 'done' as const }
  expect(
    boxesOf([
      { id: 'extract:a/extract', ...done },
      { id: 'extract:a/exclude', rows_out: null },
      { id: 'extract:b', rows_out: null, state: 'running' },
      { id: 'write', ...done },
    ]),
  ).toEqual([
    { id: 'source:a', ...done },
    { id: 'exclude:a', rows_out: null, state: undefined },
    ...['source', 'exclude', 'prepare', 'tokenise'].map((part) => ({ id: `${part}:b`, rows_out: undefined, state: 'running' })),
    { id: 'output', ...done },
  ])
})

it('of what another node has read knows only what it gave: the other lines bear no word, least of all that it were few', () => {
  const picture = {
    nodes: [box('source:a'), box('tokenise:a'), box('link')],
    edges: [
      { from: 'source:a', to: 'tokenise:a' },
      { from: 'tokenise:a', to: 'link' },
    ],
  }
  expect(flowOf(picture, boxesOf([{ id: 'extract:a', rows_out: 540, state: 'done' }]), words).edges).toEqual([
    { from: 'source:a', to: 'tokenise:a' },
    { from: 'tokenise:a', to: 'link', label: '540' },
  ])
})

it('writes rows on the lines that leave a box, and none while it waits or runs', () => {
  const picture = {
    nodes: [box('source:a'), box('link'), box('output')],
    edges: [
      { from: 'source:a', to: 'link' },
      { from: 'link', to: 'output' },
    ],
  }
  const flow = flowOf(
    picture,
    boxesOf([
      { id: 'extract:a/extract', rows_out: 90 },
      { id: 'link', rows_out: 0, state: 'running' },
    ]),
    words,
  )
  expect(flow.edges).toEqual([
    { from: 'source:a', to: 'link', label: '90' },
    { from: 'link', to: 'output' },
  ])
  expect(flow.nodes[1]).toEqual({ id: 'link', label: 'LINK', detail: 'about', state: 'running' })
})
