/**
 * What goes on beside a run that is carried out: several times a second it says that it lives and asks whether it may go on. Whoever
 * asked for it may have lost the right, the project may be over, somebody may have cancelled it, or another process may have it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Id } from '@gatehouse/core/id'
import { type Instant, instantOf } from '@gatehouse/core/instant'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { authorize } from '../../../governance/access/index.ts'
import { isStaff } from '../../../governance/identity/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { unwantedErrand } from '../parts/errand.ts'
import { beatMs, silentSeconds } from './queue.ts'
import type { RunReason } from './reasons.ts'
import { type RunRow, sayAlive, sayProgress } from './store.ts'

/** Why a run under way has to stop. `taken`: it is not this process's any more, which then writes nothing. */
export type StopReason = EndReason | 'taken'
type EndReason = Extract<RunReason, 'not_member' | 'project_closed' | 'not_wanted'>
type Asked = Pick<RunRow, 'id' | 'behalf' | 'project_id' | 'asked_by' | 'asked_from'>

export class RunStopped extends Error {
  override readonly name = 'RunStopped'
  readonly reason: StopReason

  constructor(reason: StopReason) {
    super(`the run was stopped: ${reason}`)
    this.reason = reason
  }
}

export interface RunLife {
  /** Aborted with a `RunStopped`. */
  readonly signal: AbortSignal
  progress(step: string, share: number): void
  stop(): Promise<void>
}

/** Whether whoever asked for the run might ask for it now. */
async function mayGoOn({ node, tenant }: Pick<ActContext, 'node' | 'tenant'>, { behalf }: Pick<RunRow, 'behalf'>): Promise<boolean> {
  if (behalf === null) return true
  const { principal, action, resource, revision } = behalf
  return (await authorize({ ...principal, tenant }, action, resource, node, revision)) !== false
}

/** Why a run is not to go on, whether a process carries it out just now or not. */
export async function reasonToEnd(ctx: Pick<ActContext, 'node' | 'tenant'>, run: Asked): Promise<EndReason | undefined> {
  if (!(await mayGoOn(ctx, run))) return 'not_member'
  return ctx.node.database.transaction(ctx.tenant, (tx) => reasonIn(tx, ctx.tenant, run, instantOf(ctx.node.source.nowMs())))
}

async function reasonIn(tx: Tx, tenant: Id<'tenant'>, run: Asked, now: Instant): Promise<EndReason | undefined> {
  if (run.behalf !== null && !(await isStaff(tx, tenant, run.behalf.principal.id))) return 'not_member'
  if ((await openProject(tx, run.project_id, now)) === undefined) return 'project_closed'
  return unwantedErrand(tx, run, now)
}

export function keepAlive(ctx: Pick<ActContext, 'node' | 'tenant'>, run: Asked, holder: string): RunLife {
  const stopping = new AbortController()
  const ended = new AbortController()
  const progress = new Map<string, number>()

  async function stopReason(): Promise<StopReason | undefined> {
    if (!(await mayGoOn(ctx, run))) return 'not_member'
    const now = instantOf(ctx.node.source.nowMs())
    return ctx.node.database.transaction(ctx.tenant, async (tx) => {
      if (!(await sayAlive(tx, run.id, holder, now))) return 'taken'
      if (progress.size > 0) await sayProgress(tx, run.id, progress)
      progress.clear()
      return reasonIn(tx, ctx.tenant, run, now)
    })
  }

  /** A process that cannot ask whether it may go on stops before another one takes the run for left behind. */
  let asked = performance.now()
  async function reasonToStop(): Promise<StopReason | undefined> {
    try {
      const reason = await stopReason()
      asked = performance.now()
      return reason
    } catch (error) {
      ctx.node.log.warn({ tenant: ctx.tenant, run: run.id, error: errorFields(error) }, 'a run under way could not say that it lives')
      return performance.now() - asked > (silentSeconds * 1_000) / 2 ? 'taken' : undefined
    }
  }

  const beats = (async () => {
    while (!ended.signal.aborted) {
      const reason = await reasonToStop()
      if (reason !== undefined) {
        // The last act of a run that is finished closes it, too.
        if (!ended.signal.aborted) stopping.abort(new RunStopped(reason))
        return
      }
      await wait(beatMs, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  })()

  return {
    signal: stopping.signal,
    progress: (step, share) => void progress.set(step, share),
    async stop() {
      ended.abort()
      await beats
    },
  }
}
