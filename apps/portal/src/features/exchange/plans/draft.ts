/** A plan being written, and what the node says of it. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Fault } from '../../../ui/json/document.ts'
import { type EditedDocument, useDocument, written } from '../../../ui/json/use-document.ts'
import { asPlan, type Plan } from './plan.ts'
import { checkedQuery, countQuery } from './queries.ts'
import { useTranslated } from './state.tsx'

type Checked = NonNullable<ReturnType<typeof useChecked>['data']>
const useChecked = (project: string, document: unknown) => useQuery({ ...checkedQuery(project, document), enabled: document !== undefined })

export interface Draft extends Pick<EditedDocument<Plan>, 'text' | 'reading' | 'write' | 'change'> {
  readonly plan: Plan | undefined
  readonly become: (plan: Plan) => void
  readonly faults: readonly Fault[]
  readonly checked: Checked | undefined
  /** Whether the node has read the text as it now stands and found no fault. */
  readonly sound: boolean
  readonly error: Error | null
  /** How many people are meant, where it may be told. */
  readonly count: ReturnType<typeof useCount>
}

const useCount = (project: string, document: unknown, enabled: boolean) => useQuery({ ...countQuery(project, document), enabled })

export function useDraft(project: string, initial: unknown): Draft {
  const { document: plan, settled, rests, ...edited } = useDocument(initial, asPlan)
  const checking = useChecked(project, settled)
  const { data: checked, error, isPlaceholderData } = checking
  const sound = rests && checking.isSuccess && !isPlaceholderData && checked?.valid === true
  const count = useCount(project, settled, sound)
  const translated = useTranslated()
  const faults = useMemo(() => (edited.reading.ok ? (checked?.errors ?? none).map(translated) : none), [edited.reading.ok, checked, translated])
  return {
    ...edited,
    plan,
    become: (next) => edited.write(written(next)),
    faults,
    checked,
    sound,
    error,
    count,
  }
}

const none: readonly Fault[] = []
