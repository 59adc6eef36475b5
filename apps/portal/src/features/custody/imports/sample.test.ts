import { expect, it } from 'vitest'
import { firstRows } from './sample.ts'

it('takes a short file whole', async () => {
  expect(await firstRows(new Blob(['id,name\n1,Añá']))).toBe('id,name\n1,Añá')
})

it('ends a long file at its last whole line, and reads no more than the beginning', async () => {
  const text = await firstRows(new Blob([`id,name\n${'1,ñ\n'.repeat(500_000)}`]))
  expect(text.length).toBeLessThan(200_000)
  expect(text.endsWith('1,ñ\n')).toBe(true)
  expect(text).not.toContain('\uFFFD')
})
