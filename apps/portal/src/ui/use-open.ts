import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { isOpenTo, type Needed } from '../rights.ts'
import { useSession } from '../session.ts'

interface RouteWithPage {
  readonly options: { readonly staticData?: { readonly page?: { readonly path: string; readonly needed: Needed } } }
}

/** `open('/ledger/audit')`: whether there is such a page, and whoever is inside may see it. A link to any other would lead nowhere. */
export function useOpen(): (path: string) => boolean {
  const router = useRouter()
  const session = useSession()
  return useCallback(
    (path) =>
      Object.values<RouteWithPage>(router.routesById).some(({ options: { staticData } }) => {
        const page = staticData?.page
        return page !== undefined && page.path === path && isOpenTo(session, page.needed)
      }),
    [router, session],
  )
}
