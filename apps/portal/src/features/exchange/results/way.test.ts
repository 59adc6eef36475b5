import { expect, it } from 'vitest'
import { wayOf } from './way.ts'

const step = (id: string) => ({ id, kind: id.split(':')[0] ?? id, title: id })
const stays = { as: 'stays', table: 'hospital.stays', column: 'diagnosis' }

it('passes by the reading of its own source and by no other', () => {
  const way = wayOf({ sources: [stays], steps: ['extract:patients', 'extract:stays', 'link', 'write'].map(step) }, 'cell', (kind) => kind)
  expect(way.nodes.map(({ id }) => id)).toEqual(['column stays diagnosis', 'extract:stays', 'link', 'write', 'cell'])
  expect(way.edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'column stays diagnosis → extract:stays',
    'extract:stays → link',
    'link → write',
    'write → cell',
  ])
})

it('is short where nothing is known of the steps', () => {
  expect(wayOf({ sources: [stays], steps: [] }, 'cell', (kind) => kind).edges).toEqual([{ from: 'column stays diagnosis', to: 'cell' }])
})

it('passes by the node that gave it, once for all of its columns, which says by what it decided', () => {
  const of = (column: string) => ({ as: 'stays', table: 'leeds/hospital.stays', column, node: 'leeds' })
  const way = wayOf(
    { sources: [of('diagnosis'), of('days')], steps: ['extract:stays', 'write'].map(step) },
    'cell',
    (kind) => kind,
    (node) => `${node} decided`,
  )
  expect(way.nodes.find(({ id }) => id === 'node leeds')).toEqual({ id: 'node leeds', label: 'leeds', detail: 'leeds decided' })
  expect(way.edges.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'column stays diagnosis → node leeds',
    'column stays days → node leeds',
    'node leeds → extract:stays',
    'extract:stays → write',
    'write → cell',
  ])
})
