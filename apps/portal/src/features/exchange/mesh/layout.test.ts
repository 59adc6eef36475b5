import { expect, it } from 'vitest'
import { box, layOut, lineOf, type MapNode } from './layout.ts'

const node = (id: string, kind: MapNode['kind']): MapNode => ({ id, kind, label: id, state: '', tone: 'plain', detail: '' })
const nodes = [node('self', 'self'), node('coordinator', 'mailbox'), ...['a', 'b', 'c', 'd', 'e'].map((id) => node(id, 'peer'))]

it('boxes never lie on one another and never outside, however narrow it is', () => {
  for (const columns of [1, 2, 4, 9]) {
    const { placed, width, height } = layOut(nodes, columns)
    expect(placed.map(({ id }) => id).sort()).toEqual(nodes.map(({ id }) => id).sort())
    for (const one of placed) {
      expect([one.x >= 0, one.y >= 0, one.x + box.width <= width, one.y + box.height <= height]).toEqual([true, true, true, true])
      for (const other of placed) {
        if (one === other) continue
        const apart = Math.abs(one.x - other.x) >= box.width || Math.abs(one.y - other.y) >= box.height
        expect(apart).toBe(true)
      }
    }
  }
})

it('a line leads downwards whichever end is named first', () => {
  const { placed } = layOut(nodes, 2)
  const [self, a] = [placed.find(({ id }) => id === 'self'), placed.find(({ id }) => id === 'a')]
  if (self === undefined || a === undefined) throw new Error('not placed')
  expect(lineOf(self, a)).toBe(lineOf(a, self))
})
