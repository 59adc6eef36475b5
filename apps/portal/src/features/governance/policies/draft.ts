/** A policy being written, and what the node says of it. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { GatehouseError } from '../../../api.ts'
import type { Fault } from '../../../ui/json/document.ts'
import { type EditedDocument, useDocument } from '../../../ui/json/use-document.ts'
import { asPolicy, type PolicyDocument } from './document.ts'
import { type Explained, explanationQuery } from './queries.ts'

export interface Draft extends Pick<EditedDocument<PolicyDocument>, 'text' | 'reading' | 'write' | 'change'> {
  readonly policy: PolicyDocument | undefined
  readonly faults: readonly Fault[]
  /** The rules in sentences, of the last state that was without fault. */
  readonly explained: Explained | undefined
  /** Whether the node has read the text as it now stands and found no fault. */
  readonly sound: boolean
  readonly error: Error | null
}

export function useDraft(initial: unknown): Draft {
  const { document: policy, settled, rests, ...edited } = useDocument(initial, asPolicy)
  const query = useQuery({ ...explanationQuery(settled), enabled: settled !== undefined })
  const { error, data } = query
  const [explained, setExplained] = useState<Explained | undefined>(undefined)
  useEffect(() => {
    if (data !== undefined) setExplained(data.explained)
  }, [data])
  const refused = error instanceof GatehouseError && error.problem.status === 400
  const faults = edited.reading.ok && refused ? (error.problem.errors ?? []) : none
  return {
    ...edited,
    policy,
    faults,
    explained,
    sound: edited.reading.ok && rests && query.isSuccess && !query.isPlaceholderData,
    error: refused && faults.length > 0 ? null : error,
  }
}

const none: readonly Fault[] = []
