/** What changed in the log since somebody last looked at it in this browser. */
import { queryOptions } from '@tanstack/react-query'
import { api, ask } from '../../../api.ts'
import { auditKey } from './queries.ts'

export interface LastLook {
  /** Entries that the log had. */
  readonly size: number
  readonly at: string
}

export interface SinceLastLook {
  readonly size: number
  /** Absent the first time. */
  readonly last?: LastLook
  /** Entries that came since then. */
  readonly count: number
}

const nameOf = (person: string) => `gatehouse-looked ${person}`

function lastLook(person: string): LastLook | undefined {
  const [size, at] = (localStorage.getItem(nameOf(person)) ?? '').split(' ')
  return size === undefined || at === undefined || !/^\d+$/.test(size) ? undefined : { size: Number(size), at }
}

/** @param person the id of whoever looks: two auditors at one computer each have their own */
export function markLook(person: string, size: number): void {
  localStorage.setItem(nameOf(person), `${String(size)} ${new Date().toISOString()}`)
}

/** For a home page too; only `markLook` moves the mark. */
export function sinceLastLook(person: string) {
  return queryOptions({
    queryKey: [...auditKey, 'since', person],
    async queryFn({ signal }): Promise<SinceLastLook> {
      const { size } = await ask(() => api.GET('/v1/ledger/checkpoint', { signal }))
      const last = lastLook(person)
      return last === undefined ? { size, count: 0 } : { size, last, count: Math.max(size - last.size, 0) }
    },
    gcTime: 0,
  })
}
