/** The document that the forms and the JSON view both edit: one text, read anew after each change. */
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { GatehouseError } from '../../../api.ts'
import { type JsonReading, readJson } from '../../../ui/json/read-json.ts'
import { asPolicy, type Fault, type Path, type PolicyDocument, put } from './document.ts'
import { type Explained, explanationQuery } from './queries.ts'

const pauseMs = 400

export interface Draft {
  readonly text: string
  readonly reading: JsonReading
  /** Absent while the text is no JSON, or has not the form that the forms show. */
  readonly policy: PolicyDocument | undefined
  readonly faults: readonly Fault[]
  /** The rules in sentences, of the last state that was without fault. */
  readonly explained: Explained | undefined
  /** Whether the node has read the text as it now stands and found no fault. */
  readonly sound: boolean
  readonly error: Error | null
  readonly write: (text: string) => void
  /** Puts another value at the path; `undefined` takes the place out. */
  readonly change: (path: Path, value: unknown) => void
}

export const written = (document: unknown) => JSON.stringify(document, null, 2)

export function useDraft(initial: unknown): Draft {
  const [text, write] = useState(() => written(initial))
  const reading = useMemo(() => readJson(text), [text])
  const value = reading.ok ? reading.value : undefined
  const policy = useMemo(() => asPolicy(value), [value])
  const [settled] = useDebouncedValue(value, pauseMs)
  const isObject = typeof settled === 'object' && settled !== null && !Array.isArray(settled)
  const query = useQuery({ ...explanationQuery(settled), enabled: isObject })
  const { error, data } = query
  const [explained, setExplained] = useState<Explained | undefined>(undefined)
  useEffect(() => {
    if (data !== undefined) setExplained(data.explained)
  }, [data])
  const refused = error instanceof GatehouseError && error.problem.status === 400
  const faults = reading.ok && refused ? (error.problem.errors ?? []) : none
  return {
    text,
    reading,
    policy,
    faults,
    explained,
    sound: reading.ok && isObject && settled === value && query.isSuccess && !query.isPlaceholderData,
    error: refused && faults.length > 0 ? null : error,
    write,
    change: (path, to) => {
      if (policy !== undefined) write(written(put(policy, path, to)))
    },
  }
}

const none: readonly Fault[] = []
