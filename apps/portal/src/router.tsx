/** The portal's addresses, made from the table of pages. Everything below `inside` needs somebody signed in; the entrance pages do not. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, notFound, redirect, rootRouteId } from '@tanstack/react-router'
import { NodeAway, type Session } from './api.ts'
import { AcceptInvitation } from './features/governance/identity/accept-invitation.tsx'
import { FirstRun } from './features/governance/identity/first-run.tsx'
import { SignIn } from './features/governance/identity/sign-in.tsx'
import { Home } from './features/home/home.tsx'
import { WingPage } from './features/home/wing-page.tsx'
import { authorizePath, keepAsked, takeAsked } from './features/me/applications/waiting.ts'
import type { Page } from './features/page.ts'
import { pages, trailTo, wingsFor } from './features/pages.ts'
import { loadWords } from './i18n/index.ts'
import { isOpenTo } from './rights.ts'
import { queryClient, sessionQuery } from './session.ts'
import { Shell } from './ui/shell/shell.tsx'
import { Away, Broken, LoadingPage, Missing } from './ui/states.tsx'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The page of the table that the route shows. */
    readonly page?: Page
    /** The pages above it, outermost first. */
    readonly trail?: readonly Page[]
  }
}

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

/** For outsiders: a published log, checked without an account. */
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit/$log',
  component: lazyRouteComponent(async () => ({ default: (await import('./features/ledger/public-audit/page.tsx')).PublicAudit })),
  loader: () => loadWords('ledger.public-audit'),
})
/** For outsiders: a proof of a consent, checked without an account. */
const verifyProof = createRoute({
  getParentRoute: () => root,
  path: '/verify/proof',
  component: lazyRouteComponent(async () => ({ default: (await import('./features/ledger/consent-proof/page.tsx')).VerifyProof })),
  loader: () => loadWords('ledger.consent-proof'),
})
/** Where the provider of an institution sends the browser back to. */
const signInReturn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/return/$provider',
  component: lazyRouteComponent(() => import('./features/governance/identity/sign-in-return.tsx'), 'SignInReturn'),
})
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./features/governance/identity/forgot-password.tsx'), 'ForgotPassword'),
})
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./features/governance/identity/reset-password.tsx'), 'ResetPassword'),
})
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  component: lazyRouteComponent(() => import('./features/governance/identity/second-factor.tsx'), 'SecondFactor'),
  loader: () => loadWords('governance.identity'),
  beforeLoad: async () => {
    const session = await queryClient.fetchQuery(sessionQuery)
    if (session === null) throw redirect({ to: '/sign-in' })
  },
})

/** Where an application sends somebody to be asked. Whoever has to sign in first comes back to it. */
const authorize = createRoute({
  getParentRoute: () => root,
  path: authorizePath,
  component: lazyRouteComponent(() => import('./features/me/applications/authorize.tsx'), 'Authorize'),
  loader: () => loadWords('me.applications'),
  beforeLoad: async ({ location }) => {
    const session = await queryClient.fetchQuery(sessionQuery)
    if (session !== null && session.awaits === null) return
    keepAsked(location.searchStr)
    throw redirect({ to: session === null ? '/sign-in' : '/second-factor' })
  },
})

async function whoeverIsInside(): Promise<Session> {
  const session = await queryClient.fetchQuery(sessionQuery)
  if (session === null) throw redirect({ to: '/sign-in' })
  if (session.awaits !== null) throw redirect({ to: '/second-factor' })
  return session
}

/** What is not open to somebody looks as if it did not exist. */
const missing = () => notFound({ routeId: rootRouteId })

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async () => {
    await whoeverIsInside()
    const asked = takeAsked()
    if (asked !== undefined) throw redirect({ href: authorizePath + asked })
  },
})
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: Home,
  beforeLoad: async () => {
    // A person concerned comes for one thing, and begins with it.
    if ((await whoeverIsInside()).kind === 'person') throw redirect({ to: '/me' })
  },
})
const wing = createRoute({
  getParentRoute: () => inside,
  path: '/$wing',
  component: WingPage,
  beforeLoad: async ({ params }) => {
    if (!wingsFor(await whoeverIsInside()).some(({ name }) => name === params.wing)) throw missing()
  },
})

function routeOf(page: Page) {
  return createRoute({
    getParentRoute: () => inside,
    path: page.path,
    staticData: { page, trail: trailTo(page) },
    component: lazyRouteComponent(async () => ({ default: await page.lazy() })),
    beforeLoad: async () => {
      if (!isOpenTo(await whoeverIsInside(), page.needed)) throw missing()
    },
    loader: () => Promise.all([page.words].flat().map(loadWords)),
  })
}

export const router = createRouter({
  routeTree: root.addChildren([
    firstRun,
    acceptInvitation,
    signIn,
    signInReturn,
    forgotPassword,
    resetPassword,
    secondFactor,
    authorize,
    audit,
    verifyProof,
    inside.addChildren([home, wing, ...pages.map(routeOf)]),
  ]),
  // The query of an address is text, as in any other: filters can be read and typed by hand.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
  },
  defaultPendingComponent: LoadingPage,
  defaultPendingMs: 300,
  defaultErrorComponent: ({ error }) => (error instanceof NodeAway ? <Away /> : <Broken />),
  defaultNotFoundComponent: Missing,
})
