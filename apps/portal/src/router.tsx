/** The portal's addresses. Everything below `inside` needs somebody signed in; the entrance pages do not. */
import { createRootRoute, createRoute, createRouter, notFound, redirect, rootRouteId } from '@tanstack/react-router'
import { NodeAway } from './api.ts'
import { AcceptInvitation } from './features/governance/identity/accept-invitation.tsx'
import { FirstRun } from './features/governance/identity/first-run.tsx'
import { SignIn } from './features/governance/identity/sign-in.tsx'
import { Home } from './features/home/home.tsx'
import { WingPage } from './features/home/wing-page.tsx'
import { queryClient, sessionQuery } from './session.ts'
import { Shell } from './ui/shell.tsx'
import { Away, Broken, Loading, Missing } from './ui/states.tsx'
import { wingsFor } from './wings.ts'

const root = createRootRoute({ notFoundComponent: Missing })

const firstRun = createRoute({ getParentRoute: () => root, path: '/first-run', component: FirstRun })
const acceptInvitation = createRoute({ getParentRoute: () => root, path: '/accept-invitation', component: AcceptInvitation })
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  // A node that is away is no reason to hide the form; sending it will say so.
  beforeLoad: async () => {
    const session = await queryClient.fetchQuery({ ...sessionQuery, retry: false }).catch(() => null)
    if (session !== null) throw redirect({ to: '/' })
  },
})

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async () => {
    if ((await queryClient.fetchQuery(sessionQuery)) === null) throw redirect({ to: '/sign-in' })
  },
})
const home = createRoute({ getParentRoute: () => inside, path: '/', component: Home })
const wing = createRoute({
  getParentRoute: () => inside,
  path: '/$wing',
  component: WingPage,
  beforeLoad: async ({ params }) => {
    const session = await queryClient.fetchQuery(sessionQuery)
    const known = wingsFor(session?.roles ?? []).find(({ name }) => name === params.wing)
    if (known === undefined) throw notFound({ routeId: rootRouteId })
    return { name: known.name }
  },
})

export const router = createRouter({
  routeTree: root.addChildren([firstRun, acceptInvitation, signIn, inside.addChildren([home, wing])]),
  defaultPendingComponent: Loading,
  defaultPendingMs: 300,
  defaultErrorComponent: ({ error }) => (error instanceof NodeAway ? <Away /> : <Broken />),
  defaultNotFoundComponent: Missing,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
