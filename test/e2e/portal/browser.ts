/** A real browser on the portal of a real node, and what every page's test asks of it. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type NodeProcess, root } from '../node.ts'

const executablePath = process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path)) ?? ''

/** Why the portal cannot be tried here; empty where it can. */
export const missing: readonly string[] = [
  ...(existsSync(executablePath) ? [] : ['no Chromium; set CHROMIUM_PATH']),
  ...(existsSync(join(root, 'apps/portal/dist/index.html')) ? [] : ['the portal is not built; run npm run build']),
]
export const skipped = missing.map((reason) => ` (skipped: ${reason})`).join('')

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

export interface Visit {
  readonly context: BrowserContext
  readonly page: Page
  /** What the page threw, and what its own policy stopped. A test that ends with some has failed. */
  readonly complaints: readonly string[]
  open(path: string): Promise<void>
  heading(text: string | RegExp): Promise<void>
  press(name: string): Promise<void>
}

interface Look {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly locale?: 'en-US' | 'es-MX'
}

/** Somebody in a browser of their own, not signed in. */
export async function visit(
  browser: Browser,
  node: Pick<NodeProcess, 'origin'>,
  { width = 1440, colorScheme = 'light', locale = 'en-US' }: Look = {},
): Promise<Visit> {
  // What moves is motion for the eye alone, and a test would wait for its end at every step.
  const context = await browser.newContext({ locale, viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text())
  })
  return {
    context,
    page,
    complaints,
    open: async (path) => void (await page.goto(new URL(path, node.origin).href)),
    heading: (text) => page.getByRole('heading', { level: 1, name: text }).waitFor(),
    press: (name) => page.getByRole('button', { name, exact: true }).click(),
  }
}

export interface Account {
  readonly email: string
  readonly password: string
}

/** Invites somebody of the institution, who accepts. */
export async function addAccount(
  node: NodeProcess,
  email: string,
  role: 'administrator' | 'officer' | 'auditor' | 'data_custodian' | 'data_owner' | 'researcher',
): Promise<Account> {
  return accept(node, email, must(await node.operator.POST('/v1/users', { body: { email, name: 'Grace Hopper', roles: [role] } })).token)
}

/** Invites a person whom records are about, who accepts. */
export async function addPerson(node: NodeProcess, officer: GatehouseClient, userId: string, email: string): Promise<Account> {
  return accept(node, email, must(await officer.POST('/v1/people/invitations', { body: { user_id: userId, email, name: 'Ada Lovelace' } })).token)
}

/** Invites an engineer of a partner, who accepts. */
export async function addEngineer(node: NodeProcess, partner: string, email: string): Promise<Account> {
  return accept(node, email, must(await node.operator.POST('/v1/engineers/invitations', { body: { partner, email, name: 'Emil Example' } })).token)
}

async function accept(node: NodeProcess, email: string, token: string): Promise<Account> {
  const password = 'seven loud herons swim'
  const accepted = await fetch(`${node.origin}/v1/auth/accept-invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: node.origin },
    body: JSON.stringify({ token, password }),
  })
  if (!accepted.ok) throw new Error(`the invitation was not accepted: ${await accepted.text()}`)
  return { email, password }
}

export async function signIn({ page, open, press }: Visit, { email, password }: Account): Promise<void> {
  await open('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await press('Sign in')
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in')
}

const axeScript = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What keeps somebody from using the page: the rules of axe that it breaks, each with the first place, and sideways scrolling. */
export async function faultsOf(page: Page): Promise<string[]> {
  // What fades in has, half faded, a contrast that is nobody's. What shows that something goes on turns for ever.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY),
  )
  // Half a megabyte, which a page keeps as long as its document stands.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeScript)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    const broken = (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    const { scrollWidth, clientWidth } = document.documentElement
    return scrollWidth > clientWidth ? [...broken, `the page is ${scrollWidth - clientWidth} pixels wider than the window`] : broken
  })
}

/** A picture to look at, where a folder for them is named. */
export async function shot({ page }: Visit, name: string): Promise<void> {
  const folder = process.env.GATEHOUSE_SHOTS
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** Texts that run when a page takes them for more than text; they set `__xss`. */
export const hostile = [
  '<img src=x onerror=window.__xss=1>',
  '"><script>window.__xss=1</script>',
  '{{constructor.constructor("window.__xss=1")()}}',
  "'-(window.__xss=1)-'",
] as const

export function somethingRan(page: Page): Promise<boolean> {
  return page.evaluate(() => '__xss' in globalThis)
}
