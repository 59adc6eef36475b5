import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useObjectPath } from '../../../ui/object-path.ts'

/** Words that lead to an object, where it has a page. */
export function LinkTo({ kind, id, children }: { readonly kind: string; readonly id: string; readonly children: ReactNode }) {
  const path = useObjectPath()(kind, id)
  return path === undefined ? children : <Anchor renderRoot={(props) => <Link {...props} to={path} />}>{children}</Anchor>
}
