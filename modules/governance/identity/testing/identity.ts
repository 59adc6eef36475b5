/** A node with identity's real plug, and the few steps that many tests begin with. */
import type { Problem } from '@gatehouse/core/problem'
import type { Sms } from '@gatehouse/runtime/data/sms/sms'
import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import type { Answer } from '@gatehouse/runtime/door/door'
import type { Module } from '@gatehouse/runtime/door/module'
import type { AnyOperation, Knock } from '@gatehouse/runtime/door/operation'
import type { DoorPlugs } from '@gatehouse/runtime/door/plugs'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { ledgerModule } from '../../../ledger/index.ts'
import { subjectsModule } from '../../../subjects/index.ts'
import { accessModule, authorize } from '../../access/index.ts'
import { partnersModule } from '../../partners/index.ts'
import { defaultTenant, ensureTenant, tenancyModule } from '../../tenancy/index.ts'
import { updateTenant } from '../../tenancy/update.ts'
import { authenticate } from '../authenticate.ts'
import { countFailure } from '../failures.ts'
import { firstRun, firstRunToken } from '../first-run.ts'
import { identityModule } from '../module.ts'
import type { SignedIn } from '../schema.ts'
import { signIn } from '../sign-in.ts'

export const password = 'four quiet otters read'
export const ada = { name: 'Ada Lovelace', email: 'ada@example.org' }

/** A browser on the node's own pages. */
export function browser(more: Partial<Knock> = {}): Knock {
  return { channel: 'http', origin: 'http://127.0.0.1:5000', safe: false, source: '192.0.2.7', ...more }
}

export interface IdentityNode extends TestNode {
  ask(operation: AnyOperation, input: unknown, knock?: Knock): Promise<Answer<unknown>>
  /** What an answer gave, or the error it is. */
  done<T>(operation: AnyOperation, input: unknown, knock?: Knock): Promise<T>
  refused(operation: AnyOperation, input: unknown, knock?: Knock): Promise<Problem>
  signIn(email?: string, secret?: string): Promise<SignedIn>
  firstAdministrator(): Promise<SignedIn>
  /** From here on nothing can be written to the ledger. */
  breakLedger(broken: boolean): void
}

interface Options {
  /** Whom the institution asks for a second factor; rights count where it is said. */
  readonly secondFactor?: 'staff' | 'everybody' | 'nobody'
  readonly egressAllow?: readonly string[]
  readonly texts?: Readonly<Record<string, readonly string[]>>
  readonly sms?: Sms
  /** Modules above identity, and what they plug into the door. */
  readonly above?: { readonly modules: readonly Module[]; readonly plugs: Partial<DoorPlugs> }
}

export async function identityNode({ secondFactor, above, ...way }: Options = {}): Promise<IdentityNode> {
  let broken = false
  const entries: AuditEntry[] = []
  const node = await testNode({
    ...way,
    modules: [ledgerModule, subjectsModule, tenancyModule, accessModule, partnersModule, identityModule, ...(above?.modules ?? [])],
    plugs: {
      authenticate,
      countUnknown: countFailure,
      ...(secondFactor === undefined ? {} : { allowed: authorize }),
      append: async (_tx, entry) => {
        if (broken) throw new Error('the ledger is away')
        entries.push(entry)
      },
      ...above?.plugs,
    },
  })
  const { id } = await ensureTenant(node.door.node, defaultTenant.slug, defaultTenant.name)
  await node.door.enter(updateTenant, { settings: { second_factor: secondFactor ?? 'nobody' } }, node.principal({ tenant: id }))
  entries.length = 0
  const ask = (operation: AnyOperation, input: unknown, knock: Knock = browser()) => node.door.knock(operation, input, knock)
  const done = async <T>(operation: AnyOperation, input: unknown, knock?: Knock): Promise<T> => {
    const answer = await ask(operation, input, knock)
    if (answer.outcome !== 'done') throw answer.outcome === 'refused' ? answer.problem : new Error(answer.outcome)
    return answer.output as T
  }
  return {
    ...node,
    entries,
    breakLedger: (now) => {
      broken = now
    },
    ask,
    done,
    async refused(operation, input, knock) {
      const answer = await ask(operation, input, knock)
      if (answer.outcome !== 'refused') throw new Error(`expected a refusal, got ${answer.outcome}`)
      return answer.problem
    },
    signIn: (email = ada.email, secret = password) => done<SignedIn>(signIn, { email, password: secret }),
    async firstAdministrator() {
      const token = await firstRunToken(node.door.node)
      return done<SignedIn>(firstRun, { token, ...ada, password })
    },
  }
}
