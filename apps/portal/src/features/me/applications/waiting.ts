/** What an application asked of somebody who had to sign in first. It stays in this tab, and the page it leads to is always the same. */
const name = 'gatehouse-asked'
export const authorizePath = '/oauth/authorize'

export function keepAsked(search: string): void {
  sessionStorage.setItem(name, search)
}

/** Once. */
export function takeAsked(): string | undefined {
  const search = sessionStorage.getItem(name)
  sessionStorage.removeItem(name)
  return search ?? undefined
}
