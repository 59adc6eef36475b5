import { useRouter } from '@tanstack/react-router'
import { useMemo } from 'react'

interface RouteWithPage {
  readonly fullPath?: string
  readonly options: { readonly staticData?: { readonly page?: { readonly object?: string; readonly path: string } } }
}

/** `pathTo('release', id)`: the address of the page that shows such an object, or `undefined` where there is none. */
export function useObjectPath(): (kind: string, id: string) => string | undefined {
  const router = useRouter()
  return useMemo(() => {
    const paths = new Map<string, string>()
    for (const route of Object.values<RouteWithPage>(router.routesById)) {
      const page = route.options.staticData?.page
      if (page?.object !== undefined) paths.set(page.object, page.path)
    }
    return (kind, id) => paths.get(kind)?.replace(/\$\w+/, encodeURIComponent(id))
  }, [router])
}
