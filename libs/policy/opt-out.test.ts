import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OptOut, optedOut, optedOutAmong } from './opt-out.ts'
import { purposeTree } from './purposes.ts'

const purposes = purposeTree([{ slug: 'newsletter', parent: 'dpv:DirectMarketing' }])
const use = (purpose: string, ...dataClasses: string[]) => ({ purpose, dataClasses: dataClasses.length === 0 ? ['customer'] : dataClasses })
const all: OptOut = { scope: 'all' }
const marketing: OptOut = { scope: 'purpose', purpose: 'dpv:DirectMarketing' }
const health: OptOut = { scope: 'data_class', dataClass: 'health' }
const law = 'Banking Act § 23'

describe('an opt-out', () => {
  it('from everything bars every use, known or not', () => {
    for (const purpose of ['dpv:Purpose', 'dpv:AcademicResearch', 'newsletter', 'never-defined']) expect(optedOut([all], use(purpose), [], purposes)).toBe(all)
  })

  it('from a purpose bars it, narrower ones, and broader ones, which may mean it', () => {
    for (const purpose of ['dpv:DirectMarketing', 'newsletter', 'dpv:Marketing', 'dpv:Purpose'])
      expect(optedOut([marketing], use(purpose), [], purposes)).toBe(marketing)
    expect(optedOut([marketing], use('dpv:AcademicResearch'), [], purposes)).toBeUndefined()
    const forgotten: OptOut = { scope: 'purpose', purpose: 'gone' }
    expect(optedOut([forgotten], use('gone'), [], purposes)).toBe(forgotten)
    expect(optedOut([forgotten], use('dpv:Marketing'), [], purposes)).toBeUndefined()
  })

  it('from a data class bars a use of it and of others beside it', () => {
    expect(optedOut([health], use('dpv:AcademicResearch', 'customer', 'health'), [], purposes)).toBe(health)
    expect(optedOut([health], use('dpv:AcademicResearch', 'customer'), [], purposes)).toBeUndefined()
  })

  it('does not bind a purpose that the law exempts, nor a narrower one, but a broader one', () => {
    const exemptions = [{ purpose: 'dpv:LegalCompliance', law }]
    expect(optedOut([all], use('dpv:LegalCompliance'), exemptions, purposes)).toBeUndefined()
    expect(optedOut([all], use('dpv:FulfilmentOfObligation'), exemptions, purposes)).toBe(all)
    expect(optedOut([marketing], use('newsletter'), [{ purpose: 'dpv:DirectMarketing', law }], purposes)).toBeUndefined()
    expect(optedOut([all], use('never-defined'), exemptions, purposes)).toBe(all)
  })

  it('of nobody bars nothing', () => {
    expect(optedOut([], use('dpv:Marketing'), [], purposes)).toBeUndefined()
  })
})

it('an opt-out more never permits what was barred, and many are judged as one', () => {
  const optOut = fc.constantFrom(all, marketing, health, { scope: 'purpose', purpose: 'newsletter' } as OptOut)
  const anyUse = fc.constantFrom(use('newsletter'), use('dpv:Marketing'), use('dpv:AcademicResearch', 'health'), use('dpv:LegalCompliance'))
  fc.assert(
    fc.property(fc.array(optOut), optOut, anyUse, (some, more, asked) => {
      if (optedOut(some, asked, [], purposes) !== undefined) expect(optedOut([...some, more], asked, [], purposes)).toBeDefined()
      const people = new Map([
        ['a', some],
        ['b', [...some, more]],
      ])
      expect(optedOutAmong(people, asked, [], purposes)).toEqual(
        new Set([...people].filter(([, optOuts]) => optedOut(optOuts, asked, [], purposes) !== undefined).map(([name]) => name)),
      )
    }),
  )
})
