import { useMemo } from 'react'
import { Copyable } from '../copyable.tsx'

/** A document to read and to take away. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value])
  return <Copyable text={text} label={label} />
}
