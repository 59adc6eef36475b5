/**
 * The one door. Every knock, from HTTP, the exchange socket, a job or the process itself, goes the same way:
 *
 *   authenticate → validate → authorise → approvals → begin (tenant set) → run → audit → outbox → commit → answer
 *
 * A refusal commits with its entry. An exception rolls back and is audited in a transaction of its own. When the audit cannot
 * be written, the act does not happen.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id, IdKind } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { utf8 } from '@gatehouse/crypto/bytes'
import type { z } from 'zod'
import { anonymous, type Moment, momentOf, type Principal } from '../base/context.ts'
import { errorFields } from '../base/log.ts'
import { traced } from '../base/telemetry.ts'
import type { Tx } from '../data/db.ts'
import { type NewEvent, publish } from '../work/outbox.ts'
import { type AuditEntry, checkFacts, factsBy } from './audit.ts'
import { answerSeal, claimKey, idempotencyKeyMax, keepAnswer } from './idempotency.ts'
import type { Node } from './node.ts'
import {
  type ActContext,
  type Action,
  type AnyOperation,
  type AuditFacts,
  behalfOf,
  type Knock,
  Refusal,
  type Resource,
  type Right,
  type StepsContext,
  type StepsOperation,
  type TransactionContext,
  type TransactionOperation,
} from './operation.ts'
import { placed } from './place.ts'
import type { DoorPlugs } from './plugs.ts'
import { fieldProblems, problemOf } from './problem-of.ts'
import { doorProblems } from './problems.ts'
import { inSandbox } from './sandbox.ts'
import { askForProof, provenLately } from './step-up.ts'

/** What comes back through the door. Problems are thrown as `Problem`; a refusal is an answer. */
export type Answer<Output> =
  | {
      readonly outcome: 'done'
      readonly output: Output
      readonly tenant: Id<'tenant'>
      readonly entry: Id<'entry'>
      readonly principal: Principal
      /** What was asked for; absent for a public operation. */
      readonly right?: Right
    }
  | { readonly outcome: 'refused'; readonly problem: Problem; readonly entry: Id<'entry'> }
  | {
      readonly outcome: 'pending'
      readonly approval: { readonly id: Id<'approval'>; readonly have: number; readonly need: number }
      readonly entry: Id<'entry'>
    }

export interface Door {
  readonly node: Node
  /** For callers outside: authenticates the knock. */
  knock(operation: AnyOperation, input: unknown, knock: Knock): Promise<Answer<unknown>>
  /** Which of these principals of the tenant would still be let in, in their order. */
  stillHold(tenant: Id<'tenant'>, principals: readonly Principal[]): Promise<readonly boolean[]>
  /** Whether what was allowed once would be allowed now: for what stays open, and for what goes on. */
  stillMay(principal: Principal, right: Right): Promise<boolean>
  /** For the node's own work: jobs and loops come in with a principal of their own. */
  enter<I extends z.ZodType, O extends z.ZodType>(
    operation: TransactionOperation<I, O> | StepsOperation<I, O>,
    input: z.input<I>,
    principal: Principal,
    knock?: Knock,
  ): Promise<Answer<z.output<O>>>
}

const fromProcess: Knock = { channel: 'process' }

export function openDoor(node: Node, plugs: DoorPlugs): Door {
  async function audited(entry: AuditEntry, tx: Tx): Promise<void> {
    checkFacts(entry.type, entry.facts)
    await plugs.append(tx, entry, node)
  }

  /** An act as it goes through the door; `principal` may be changed once by `actAs`. */
  class Act implements ActContext {
    readonly node = node
    readonly operation: AnyOperation
    readonly knock: Knock
    readonly moment: Moment
    readonly entry: Id<'entry'>
    readonly events: NewEvent[] = []
    described: AuditFacts = {}
    principal: Principal
    open: Tx | undefined
    acting = false
    /** What was asked for, once it has been allowed. */
    right: Right | undefined
    /** What the right that let the act in has to leave in the ledger. */
    note: { readonly type: string; readonly facts: AuditFacts } | undefined

    constructor(operation: AnyOperation, principal: Principal, knock: Knock) {
      this.operation = operation
      this.principal = principal
      this.knock = knock
      this.moment = momentOf(node.source)
      this.entry = this.moment.newId<'entry'>()
    }
    get now() {
      return this.moment.now
    }
    get nowMs() {
      return this.moment.nowMs
    }
    get tenant() {
      return this.principal.tenant
    }
    newId = <K extends IdKind>() => this.moment.newId<K>()
    randomBytes = (length: number) => this.moment.randomBytes(length)
    may = async (action: Action, resource: Resource) => (await plugs.allowed(this.principal, action, resource, node)) === true
    publish = (event: NewEvent) => void this.events.push(event)
    describe = (facts: AuditFacts) => {
      this.described = { ...this.described, ...facts }
    }
    actAs = async (principal: Principal) => {
      if (this.acting || !('public' in this.operation.access))
        throw new TypeError('only a public operation may learn from its input on whose behalf it acts, and only once')
      // A caller known by a key of its own has been held to its tenant from the beginning.
      const known = this.principal.kind !== 'anonymous'
      if (known && principal.tenant !== this.tenant) throw new TypeError('a caller of one tenant cannot act for another')
      this.acting = true
      this.principal = { ...principal, ...placed(this.knock, principal.kind === 'user' ? 'portal' : 'exchange') }
      if (!known) await this.open?.narrow(principal.tenant)
      if (!(await plugs.within(node, this.principal, this.open))) throw new Problem(doorProblems.outside_boundary)
    }

    record = async (tx: Tx, type: string, facts: AuditFacts, events: readonly NewEvent[] = []) => {
      const id = this.moment.newId<'entry'>()
      await Promise.all([audited({ ...this.entryOf(facts, type, id), at: momentOf(node.source).now }, tx), publish(tx, this.moment, this.tenant, id, events)])
      return id
    }

    entryOf(facts: AuditFacts, type = this.operation.name, id = this.entry): AuditEntry {
      return {
        id,
        tenant: this.tenant,
        type,
        at: this.now,
        actor: { kind: this.principal.kind, id: this.principal.id },
        facts: factsBy(this.principal, facts),
        ...(this.knock.traceId === undefined ? {} : { trace: this.knock.traceId }),
      }
    }

    /** The act's own entry, written when its work is done. A clock that was set back meanwhile must not make the time negative. */
    closingEntry(facts: AuditFacts): AuditEntry {
      return { ...this.entryOf(facts), tookMs: Math.max(0, Math.round(node.source.nowMs() - this.nowMs)) }
    }

    /** Audits without the act: for denials and failures. */
    async aside(facts: AuditFacts): Promise<void> {
      if (typeof this.operation.audit !== 'function' && facts.decision !== 'deny') return
      await node.database.transaction(this.tenant, (tx) => audited(this.entryOf(facts), tx))
    }
  }

  async function pass(operation: AnyOperation, input: unknown, principal: Principal, knock: Knock): Promise<Answer<unknown>> {
    if (principal.kind === 'anonymous' && !('public' in operation.access)) {
      plugs.countUnknown(node, knock)
      throw new Problem(doorProblems.not_authenticated)
    }
    const parsed = operation.input.safeParse(input)
    if (!parsed.success) throw new Problem(doorProblems.input_invalid, undefined, { errors: fieldProblems(parsed.error) })
    const act = new Act(operation, principal, knock)
    await inside(act)
    await authorise(act, parsed.data)
    if (act.principal.application?.sandbox === true) return inSandbox(act, input)
    try {
      return operation.kind === 'steps' ? await runSteps(act, operation, parsed.data) : await runTransaction(act, operation, parsed.data, input)
    } catch (error) {
      throw await failed(act, error)
    }
  }

  async function inside(act: Act): Promise<void> {
    if (act.principal.place === undefined || (await plugs.within(node, act.principal))) return
    await act.aside({ decision: 'deny', details: { reason: 'outside_boundary' } })
    throw new Problem(doorProblems.outside_boundary)
  }

  async function authorise(act: Act, input: unknown): Promise<void> {
    const { access } = act.operation
    if ('public' in access) return
    const right = { action: access.action, resource: access.on(input, act.principal) }
    const answer = plugs.allowed(act.principal, right.action, right.resource, node)
    const permit = typeof answer === 'boolean' ? answer : await answer
    if (permit !== false && (await stillOnBehalf(act))) {
      act.right = right
      if (permit !== true) act.note = permit.note
      if (act.operation.stepUp === true && !provenLately(act.principal, act.nowMs)) await askForProof(act)
      return
    }
    await act.aside({ decision: 'deny', details: { reason: 'not_allowed' } })
    const { roles, scopes } = act.principal
    const held = scopes === undefined ? `rights of your roles (${roles.join(', ') || 'none'})` : 'things that the scopes of your API key reach, or your rights'
    throw new Problem(doorProblems.not_allowed, `the operation ${act.operation.name} is not among the ${held}`)
  }

  /** A job goes on in the place of whoever asked for it, as long as they might still ask. */
  const stillOnBehalf = async ({ knock: { behalf }, tenant }: Act): Promise<boolean> =>
    behalf === undefined || stillMay({ ...behalf.principal, tenant }, behalf, behalf.revision)

  const stillMay = async (principal: Principal, { action, resource }: Right, atLeast?: number): Promise<boolean> =>
    (await plugs.allowed(principal, action, resource, node, atLeast)) !== false

  async function runTransaction(act: Act, operation: TransactionOperation<z.ZodType, z.ZodType>, input: unknown, raw: unknown): Promise<Answer<unknown>> {
    const scope = 'public' in operation.access && act.principal.kind === 'anonymous' ? 'node' : act.tenant
    return node.database.transaction<Answer<unknown>>(scope, async (tx) => {
      act.open = tx
      if (act.note !== undefined) await act.record(tx, act.note.type, act.note.facts)
      const ctx: TransactionContext = Object.assign(Object.create(act) as Act, {
        tx,
        enqueue: async (queue: string, data: Readonly<Record<string, unknown>>) => {
          const behalf = behalfOf(act.principal, act.right)
          const carried = behalf === undefined ? {} : { behalf: { ...behalf, revision: await plugs.revision(tx, act.tenant) } }
          await node.queue.enqueue(tx, queue, { ...data, tenant: act.tenant, ...carried })
        },
      })
      const key = keyOf(act)
      if (key !== undefined) {
        const earlier = await earlierAnswer(act, tx, key, raw)
        if (earlier !== undefined) return earlier
      }
      const stopped = (await operation.before?.(ctx, input)) ?? (await awaitOthers(act, ctx, operation, raw))
      if (stopped !== undefined && !(stopped instanceof Refusal)) return stopped
      const result = stopped ?? (await operation.run(ctx, input))
      await Promise.all([key === undefined ? undefined : keep(act, operation, tx, key, result), ...record(act, operation, tx, input, result)])
      return result instanceof Refusal
        ? { outcome: 'refused', problem: result.problem, entry: act.entry }
        : { outcome: 'done', output: result, tenant: act.tenant, entry: act.entry, principal: act.principal }
    })
  }

  /** Nobody's keys could be told apart, so they count only for a known caller. */
  const keyOf = ({ operation, principal, knock }: Act): string | undefined =>
    operation.http?.method === 'GET' || principal.kind === 'anonymous' ? undefined : knock.idempotencyKey

  /** Where an act needs several people: counts this one, and answers `pending` until enough have asked for the same. */
  async function awaitOthers(act: Act, ctx: TransactionContext, operation: AnyOperation, raw: unknown): Promise<Answer<unknown> | Refusal | undefined> {
    if (operation.approvals === undefined) return undefined
    const digest = Buffer.from(node.keys.primitives.sha256(utf8(canonicalJson(raw ?? null)))).toString('hex')
    const approval = await plugs.approve(ctx, { operation: operation.name, requestDigest: digest, need: operation.approvals, right: act.right })
    if (approval === undefined || approval instanceof Refusal) return approval
    const facts = { decision: 'pending' as const, object: { kind: 'approval', id: approval.id }, details: { have: approval.have, need: approval.need } }
    await Promise.all([audited(act.entryOf(facts), ctx.tx), publish(ctx.tx, act.moment, act.tenant, act.entry, act.events)])
    return { outcome: 'pending', approval, entry: act.entry }
  }

  /** The act's entry and events. Sent at once, so that they leave in one write. */
  function record(act: Act, operation: AnyOperation, tx: Tx, input: unknown, result: unknown): Promise<void>[] {
    if (result instanceof Refusal) return [audited(act.closingEntry({ decision: 'deny', ...result.facts }), tx)]
    if (typeof operation.audit === 'function') {
      return [
        audited(act.closingEntry({ ...operation.audit(input, result), ...act.described }), tx),
        publish(tx, act.moment, act.tenant, act.entry, act.events),
      ]
    }
    if (act.events.length > 0) throw new TypeError(`${operation.name} announces events, so it must be audited: events follow the order of the ledger`)
    return []
  }

  /** Keeps the answer for a repeat of the request, sealed; one that is shown once is not kept. */
  async function keep(act: Act, operation: AnyOperation, tx: Tx, key: string, result: unknown): Promise<void> {
    const { seal } = await answerSeal(node.keys, act.tenant)
    const refused = result instanceof Refusal
    const kept = operation.secretOutput ? null : seal(act.principal.id, key, refused ? result.problem.document() : result)
    await keepAnswer(tx, act.principal.id, key, refused ? result.problem.kind.status : 200, kept)
  }

  async function earlierAnswer(act: Act, tx: Tx, key: string, raw: unknown): Promise<Answer<unknown> | undefined> {
    if (key.length > idempotencyKeyMax) throw new Problem(doorProblems.input_invalid, `an Idempotency-Key has at most ${idempotencyKeyMax} characters`)
    const sealing = await answerSeal(node.keys, act.tenant)
    const digest = sealing.digest(raw)
    const earlier = await claimKey(tx, act.principal.id, key, act.operation.name, digest, act.now)
    if (earlier === undefined) return undefined
    if (earlier.operation !== act.operation.name || !node.keys.primitives.equal(earlier.request_digest, digest)) throw new Problem(doorProblems.key_reused)
    // Claimed by a request that still waits for other people: nothing was carried out, so there is no answer to repeat.
    if (earlier.status === 0) return undefined
    if (act.operation.secretOutput || earlier.response === null) throw new Problem(doorProblems.answer_once)
    const response = sealing.open(act.principal.id, key, earlier.response)
    if (earlier.status >= 400) {
      const { type, title, detail, mend = '', instance: _, status, errors: __, ...extensions } = response as ReturnType<Problem['document']>
      return { outcome: 'refused', problem: new Problem({ type, title, status, mend }, detail, { extensions }), entry: act.entry }
    }
    return { outcome: 'done', output: response, tenant: act.tenant, entry: act.entry, principal: act.principal }
  }

  async function runSteps(act: Act, operation: StepsOperation<z.ZodType, z.ZodType>, input: unknown): Promise<Answer<unknown>> {
    const audits = typeof operation.audit === 'function'
    const { note } = act
    if (note !== undefined) await node.database.transaction(act.tenant, (tx) => act.record(tx, note.type, note.facts))
    // Opened first: where the ledger cannot be written, nothing external begins.
    if (audits && operation.answers === undefined) {
      await node.database.transaction(act.tenant, (tx) =>
        audited(act.entryOf({ details: { phase: 'opened' } }, `${operation.name}.opened`, act.moment.newId()), tx),
      )
    }
    const ctx: StepsContext = Object.assign(Object.create(act) as Act, {
      step: async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
        if (!(await stillOnBehalf(act))) throw new Problem(doorProblems.not_allowed, 'whoever asked for this job may not do so any more')
        return node.database.transaction(act.tenant, work)
      },
    })
    const result = await operation.run(ctx, input)
    const refused = result instanceof Refusal
    if (audits || refused) {
      const facts = refused
        ? { decision: 'deny' as const, ...result.facts }
        : typeof operation.audit === 'function'
          ? { ...operation.audit(input, result), ...act.described }
          : {}
      await node.database.transaction(act.tenant, async (tx) => {
        await Promise.all([
          audited({ ...act.closingEntry(facts), at: momentOf(node.source).now }, tx),
          publish(tx, act.moment, act.tenant, act.entry, refused ? [] : act.events),
        ])
      })
    }
    return refused
      ? { outcome: 'refused', problem: result.problem, entry: act.entry }
      : {
          outcome: 'done',
          output: result,
          tenant: act.tenant,
          entry: act.entry,
          principal: act.principal,
          ...(act.right === undefined ? {} : { right: act.right }),
        }
  }

  /** Turns whatever was thrown into a problem, after the failure has been audited as far as the database allows. */
  async function failed(act: Act, error: unknown): Promise<Problem> {
    const problem = problemOf(error)
    if (problem.kind.status >= 500) node.log.error({ operation: act.operation.name, trace: act.knock.traceId, error: errorFields(error) }, 'an act failed')
    if (act.principal.kind === 'anonymous' && problem.kind.status < 500) {
      plugs.countUnknown(node, act.knock)
    } else if (problem.kind !== doorProblems.unavailable) {
      await act.aside({ decision: 'error', details: { problem: problem.kind.type } }).catch((fault: unknown) => {
        node.log.error({ operation: act.operation.name, error: errorFields(fault) }, 'a failed act could not be audited')
      })
    }
    return problem
  }

  async function measured(operation: AnyOperation, run: () => Promise<Answer<unknown>>): Promise<Answer<unknown>> {
    const stop = node.metrics.actSeconds.startTimer({ operation: operation.name })
    let outcome = 'failed'
    try {
      const answer = await traced(operation.name, run)
      outcome = answer.outcome
      return answer
    } catch (error) {
      // Acts turn their own failures into problems; this is for what breaks on the way to one.
      if (!(error instanceof Problem)) node.log.error({ operation: operation.name, error: errorFields(error) }, 'a knock failed before its act')
      throw problemOf(error)
    } finally {
      stop()
      node.metrics.acts.inc({ operation: operation.name, outcome })
    }
  }

  return {
    node,
    async stillHold(tenant, principals) {
      const [holding, inside] = await Promise.all([plugs.stillHold(node, tenant, principals), Promise.all(principals.map((one) => plugs.within(node, one)))])
      return holding.map((holds, at) => holds && inside[at] === true)
    },
    stillMay,
    knock: (operation, input, knock) =>
      measured(operation, async () => {
        const principal = await plugs.authenticate(node, knock)
        if (principal === 'failed') {
          plugs.countUnknown(node, knock)
          throw new Problem(doorProblems.not_authenticated)
        }
        return pass(
          operation,
          input,
          principal === undefined ? anonymous : { ...principal, ...placed(knock, knock.authorization === undefined ? 'portal' : 'api') },
          knock,
        )
      }),
    enter: (operation, input, principal, knock = fromProcess) => measured(operation, () => pass(operation, input, principal, knock)) as Promise<Answer<never>>,
  }
}
