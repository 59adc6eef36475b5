/** The generated pages of the reference. */
import { expect, it } from 'vitest'
import { modules } from '../apps/server/modules.ts'
import type { ProblemKind } from '../libs/core/problem.ts'
import type { StateMachine } from '../libs/core/state-machine.ts'
import { anchorLife } from '../modules/anchors/index.ts'
import { lookLife } from '../modules/custody/catalog/index.ts'
import { erasureLife, institutionLife } from '../modules/custody/retention/index.ts'
import { offerLife } from '../modules/exchange/credentials/index.ts'
import { negotiationLife, transferLife } from '../modules/exchange/dataspace/index.ts'
import { peerLife, receivedLife, sentLife } from '../modules/exchange/federation/index.ts'
import { jobLife as linkJobLife } from '../modules/exchange/linkage/jobs/states.ts'
import { reviewLife as linkReviewLife, pairLife } from '../modules/exchange/linkage/reviews/states.ts'
import { proofRequestLife } from '../modules/exchange/proofs/index.ts'
import { downloadLife, reidentificationLife, runLife } from '../modules/exchange/query/index.ts'
import { releaseLife } from '../modules/exchange/release/states.ts'
import { reviewLife } from '../modules/governance/approvals/reviews/life.ts'
import { approvalLife } from '../modules/governance/approvals/schema.ts'
import { consentLife } from '../modules/governance/consents/states.ts'
import { partnerLife } from '../modules/governance/partners/status.ts'
import { versionLife } from '../modules/governance/policies/states.ts'
import { projectLife } from '../modules/governance/projects/states.ts'
import { requestLife } from '../modules/governance/requests/states.ts'
import { alertLife } from '../modules/insight/monitoring/index.ts'
import { doorProblems } from '../runtime/door/problems.ts'
import { expectCommitted } from './committed.ts'

const made = 'Generated from the code by `UPDATE=1 npx vitest run test/reference.test.ts`; not to be edited by hand.'
const tables: readonly (readonly [string, Readonly<Record<string, ProblemKind>>])[] = [
  ['door', doorProblems],
  ...modules.map(({ name, problems }) => [name, problems] as const),
]
const kinds = tables.flatMap(([, problems]) => Object.values(problems))
const cell = (text: string): string => text.replaceAll('|', '\\|')

it('each problem has one row of its own, a status of an error, and says how to mend it', () => {
  expect(new Set(kinds.map(({ type }) => type)).size).toBe(kinds.length)
  for (const { type, status, title, mend } of kinds) {
    expect(type).toMatch(/^\/problems\/[a-z]+\/[a-z0-9-]+$/)
    expect(status, type).toBeGreaterThanOrEqual(400)
    expect(
      [title, mend].every((text) => text.length > 3),
      type,
    ).toBe(true)
  }
})

it('what an operation may refuse with stands in the table of a module or of the door', () => {
  const listed = new Set(kinds.map(({ type }) => type))
  const strays = modules.flatMap(({ operations }) =>
    operations.flatMap(({ name, problems = [] }) => problems.filter(({ type }) => !listed.has(type)).map(({ type }) => `${name} ${type}`)),
  )
  expect(strays).toEqual([])
})

it('docs/reference/problems.md is made from the tables', () => {
  const sections = tables
    .filter(([, problems]) => Object.keys(problems).length > 0)
    .map(([name, problems]) => {
      const rows = Object.values(problems).map(({ type, status, title, mend }) => `| \`${type}\` | ${status} | ${cell(title)} | ${cell(mend)} |`)
      return [`## ${name}`, '', '| type | status | what is wrong | how to mend it |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
    })
  const head = `# Problems\n\nErrors are \`application/problem+json\` (RFC 9457). \`type\` never changes its meaning; \`mend\` says what can be done; \`instance\` is the trace id to give to the administrator. Problems of the door may come from any operation.\n\n${made}\n`
  expectCommitted('docs/reference/problems.md', `${head}\n${sections.join('\n')}`)
})

const lives: readonly StateMachine<string, string>[] = [
  approvalLife,
  reviewLife,
  partnerLife,
  consentLife,
  requestLife,
  versionLife,
  projectLife,
  lookLife,
  linkJobLife,
  linkReviewLife,
  pairLife,
  releaseLife,
  offerLife,
  alertLife,
  erasureLife,
  institutionLife,
  anchorLife,
  proofRequestLife,
  runLife,
  downloadLife,
  reidentificationLife,
  peerLife,
  sentLife,
  receivedLife,
  negotiationLife,
  transferLife,
]

it.each(lives)('the life of a $name reaches every state from the first', ({ initial, transitions }) => {
  const reached = new Set([initial])
  for (let size = 0; size < reached.size; ) {
    size = reached.size
    for (const { from, to } of transitions) if (reached.has(from)) reached.add(to)
  }
  expect(new Set(transitions.flatMap(({ from, to }) => [from, to]))).toEqual(reached)
})

it('docs/reference/states.md is made from the transition tables', () => {
  const sections = lives.map((life) => {
    const final = [...new Set(life.transitions.map(({ to }) => to))].filter((state) => life.isFinal(state))
    return `## ${life.name}\n\n\`\`\`mermaid\n${life.diagram()}\n\`\`\`\n\n${final.length === 0 ? 'No state is final.' : `Final: ${final.join(', ')}.`}\n`
  })
  const head = `# States\n\nThe table that draws a picture here is the one that the code asks whether a step is allowed.\n\n${made}\n`
  expectCommitted('docs/reference/states.md', `${head}\n${sections.join('\n')}`)
})
